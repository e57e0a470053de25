import type { Operation } from '../../../contract.ts'
import type { Iam } from '../../../iam/iam.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Paged, page } from '../page.ts'
import { findRole } from './find-role.ts'

export function listRolePolicies(iam: Iam): Operation {
  return (input: Paged & { readonly RoleName?: string }, { authorize }) => {
    refuseUnknown('iam ListRolePolicies', input, ['Marker', 'MaxItems', 'RoleName'])
    authorize('iam:ListRolePolicies', iam.roleArn(String(input.RoleName)))
    const { items, rest } = page([...findRole(iam, input.RoleName).policies.keys()].sort(), input)
    return { PolicyNames: items, ...rest }
  }
}
