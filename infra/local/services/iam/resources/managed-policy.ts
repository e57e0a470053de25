import { physicalName, type ResourceProvider } from '../../../contract.ts'
import type { Iam } from '../../../iam/iam.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'

const KNOWN = ['Description', 'ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles']

export function managedPolicy(accountId: string, iam: Iam): ResourceProvider {
  return ({ properties, stackName, logicalId, type }) => {
    refuseUnknown(type, properties, KNOWN)
    const name = String(properties.ManagedPolicyName ?? physicalName({ stackName, logicalId }))
    const arn = `arn:aws:iam::${accountId}:policy${properties.Path ?? '/'}${name}`
    iam.createManagedPolicy(arn, properties.PolicyDocument)
    for (const roleName of properties.Roles ?? []) iam.attachManagedPolicy(iam.roleArn(String(roleName)), arn)
    return { ref: arn }
  }
}
