import { type Operation, ServiceError } from '../../../contract.ts'
import type { Iam } from '../../../iam/iam.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { encodeDocument, findRole } from './find-role.ts'

type Input = { readonly RoleName?: string; readonly PolicyName?: string }

export function getRolePolicy(iam: Iam): Operation {
  return (input: Input, { authorize }) => {
    refuseUnknown('iam GetRolePolicy', input, ['PolicyName', 'RoleName'])
    authorize('iam:GetRolePolicy', iam.roleArn(String(input.RoleName)))
    const document = findRole(iam, input.RoleName).policies.get(String(input.PolicyName))
    if (document === undefined) {
      const message = `The role policy with name ${input.PolicyName} cannot be found.`
      throw new ServiceError('NoSuchEntity', message, 404)
    }
    return {
      RoleName: input.RoleName,
      PolicyName: input.PolicyName,
      PolicyDocument: encodeDocument(document),
    }
  }
}
