import { physicalName, type ResourceProvider } from '../../../contract.ts'
import type { Iam } from '../../../iam/iam.ts'
import { roleId } from '../../../iam/role-id.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'

const KNOWN = [
  'AssumeRolePolicyDocument',
  'Description',
  'ManagedPolicyArns',
  'MaxSessionDuration',
  'Path',
  'Policies',
  'RoleName',
  'Tags',
]

export function role(accountId: string, iam: Iam): ResourceProvider {
  return ({ properties, stackName, logicalId, type }) => {
    refuseUnknown(type, properties, KNOWN)
    const name = String(properties.RoleName ?? physicalName({ stackName, logicalId }))
    const arn = `arn:aws:iam::${accountId}:role${properties.Path ?? '/'}${name}`
    iam.createRole(arn, properties.AssumeRolePolicyDocument)
    for (const { PolicyName, PolicyDocument } of properties.Policies ?? []) {
      iam.putRolePolicy(arn, String(PolicyName), PolicyDocument)
    }
    for (const policyArn of properties.ManagedPolicyArns ?? [])
      iam.attachManagedPolicy(arn, String(policyArn))
    return { ref: name, attributes: { Arn: arn, RoleId: roleId(arn) } }
  }
}
