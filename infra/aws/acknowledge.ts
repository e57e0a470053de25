import { CfnElement, Stack, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** Accepts findings of the infrastructure checks, each with its reason; a finding without one stops the infra tests. */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  const validations = Validations.of(construct)
  for (const [id, reason] of Object.entries(reasons)) validations.acknowledge({ id, reason })
}

/** Accepts, in the whole stack, a grant on everything below one resource: its versions, its indexes. */
export function acknowledgeBelow(resource: IConstruct, suffix: string, reason: string): void {
  const { defaultChild } = resource.node
  if (!CfnElement.isCfnElement(defaultChild)) throw new Error(`${resource.node.path} is not a resource`)
  const stack = Stack.of(resource)
  const id = `AwsSolutions-IAM5[Resource::<${stack.resolve(stack.getLogicalId(defaultChild))}.Arn>${suffix}]`
  acknowledge(stack, { [id]: reason })
}
