import { physicalName, type ResourceProvider } from '../../../contract.ts'
import type { Iam } from '../../../iam/iam.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'

/** Inline in each of its roles. */
export function policy(iam: Iam): ResourceProvider {
  return ({ properties, stackName, logicalId, type }) => {
    refuseUnknown(type, properties, ['PolicyDocument', 'PolicyName', 'Roles'])
    for (const role of properties.Roles ?? []) {
      iam.putRolePolicy(iam.roleArn(String(role)), String(properties.PolicyName), properties.PolicyDocument)
    }
    return { ref: physicalName({ stackName, logicalId }) }
  }
}
