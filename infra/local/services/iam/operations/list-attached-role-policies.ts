import type { Operation } from '../../../contract.ts'
import type { Iam } from '../../../iam/iam.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Paged, page } from '../page.ts'
import { findRole } from './find-role.ts'

export function listAttachedRolePolicies(iam: Iam): Operation {
  return (input: Paged & { readonly RoleName?: string }, { authorize }) => {
    refuseUnknown('iam ListAttachedRolePolicies', input, ['Marker', 'MaxItems', 'RoleName'])
    authorize('iam:ListAttachedRolePolicies', iam.roleArn(String(input.RoleName)))
    const { items, rest } = page([...findRole(iam, input.RoleName).attached.keys()].sort(), input)
    const policies = items.map(arn => ({ PolicyName: arn.split('/').at(-1) ?? arn, PolicyArn: arn }))
    return { AttachedPolicies: policies, ...rest }
  }
}
