import type { Operation } from '../../../contract.ts'
import type { Iam } from '../../../iam/iam.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { findRole } from './find-role.ts'
import { roleView } from './role-view.ts'

export function getRole(iam: Iam): Operation {
  return (input: { readonly RoleName?: string }, { authorize }) => {
    refuseUnknown('iam GetRole', input, ['RoleName'])
    authorize('iam:GetRole', iam.roleArn(String(input.RoleName)))
    return { Role: roleView(findRole(iam, input.RoleName)) }
  }
}
