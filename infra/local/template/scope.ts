import { createHash } from 'node:crypto'
import { type ProvisionedResource, UnsupportedError } from '../contract.ts'
import type { Stack } from './assembly.ts'
import { evaluateCondition, type Json, type Scope } from './intrinsics.ts'

export type Account = { readonly region: string; readonly accountId: string }

export type StackScope = Scope & { provision(logicalId: string, resource: ProvisionedResource): void }

export class MissingExportError extends Error {
  override readonly name = 'MissingExportError'
}

/** What the intrinsic functions of one stack see. `exports` is shared by all stacks. */
export function createStackScope(
  stack: Stack,
  parameters: Readonly<Record<string, string>>,
  account: Account,
  exports: ReadonlyMap<string, string>,
): StackScope {
  const { template } = stack
  const provisioned = new Map<string, ProvisionedResource>()
  const conditions = new Map<string, boolean>()
  const pseudo = pseudoParameters(stack, account)

  const scope: StackScope = {
    ref(name) {
      const value = pseudo[name] ?? parameters[name] ?? provisioned.get(name)?.ref
      if (value === undefined) throw new Error(`${stack.name}: Ref to ${name}, which does not exist`)
      return value
    },
    getAtt(logicalId, attribute) {
      const resource = provisioned.get(logicalId)
      if (!resource) throw new Error(`${stack.name}: Fn::GetAtt of ${logicalId}, which does not exist`)
      const value = resource.attributes?.[attribute]
      if (value === undefined) {
        const type = template.Resources?.[logicalId]?.Type
        throw new UnsupportedError(`the attribute ${attribute} of ${type} (${stack.name}/${logicalId})`)
      }
      return value
    },
    importValue(name) {
      const value = exports.get(name)
      if (value === undefined) throw new MissingExportError(`no stack exports ${name}`)
      return value
    },
    condition(name) {
      const known = conditions.get(name)
      if (known !== undefined) return known
      const expression = template.Conditions?.[name]
      if (expression === undefined) throw new Error(`${stack.name}: condition ${name} does not exist`)
      const value = evaluateCondition(expression, scope)
      conditions.set(name, value)
      return value
    },
    mapping(name, first, second) {
      const value = template.Mappings?.[name]?.[first]?.[second]
      if (value === undefined) throw new Error(`${stack.name}: mapping ${name} has no ${first}/${second}`)
      return value
    },
    provision(logicalId, resource) {
      provisioned.set(logicalId, resource)
    },
  }
  return scope
}

function pseudoParameters(stack: Stack, account: Account): Readonly<Record<string, Json>> {
  const id = createHash('sha256').update(stack.name).digest('hex')
  const uuid = [8, 12, 16, 20, 32].map((end, n) => id.slice([0, 8, 12, 16, 20][n], end)).join('-')
  return {
    'AWS::Region': account.region,
    'AWS::AccountId': account.accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': `arn:aws:cloudformation:${account.region}:${account.accountId}:stack/${stack.name}/${uuid}`,
  }
}

/**
 * Values of a stack's parameters: given ones, else defaults. `AWS::SSM::Parameter::Value<…>` keeps its default, which
 * is the parameter's name (CDK's bootstrap version; nothing reads it here).
 */
export function stackParameters(
  stack: Stack,
  given: Readonly<Record<string, string>>,
): { values: Record<string, string>; problems: string[] } {
  const values: Record<string, string> = {}
  const problems: string[] = []
  for (const [name, parameter] of Object.entries(stack.template.Parameters ?? {})) {
    const value = given[name] ?? parameter.Default
    if (value === undefined) problems.push(`${stack.name}: parameter ${name} has no value and no default`)
    else if (parameter.AllowedValues && !parameter.AllowedValues.map(String).includes(String(value)))
      problems.push(
        `${stack.name}: parameter ${name} must be one of ${parameter.AllowedValues.join(', ')}, not "${value}"`,
      )
    else if (parameter.AllowedPattern && !new RegExp(`^(?:${parameter.AllowedPattern})$`).test(String(value)))
      problems.push(`${stack.name}: parameter ${name} must match ${parameter.AllowedPattern}, not "${value}"`)
    else values[name] = String(value)
  }
  return { values, problems }
}
