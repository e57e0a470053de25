import type { Operation } from '../../../contract.ts'
import type { Iam } from '../../../iam/iam.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Paged, page } from '../page.ts'
import { roleView } from './role-view.ts'

type Input = Paged & { readonly PathPrefix?: string }

export function listRoles(iam: Iam): Operation {
  return (input: Input, { authorize }) => {
    refuseUnknown('iam ListRoles', input, ['Marker', 'MaxItems', 'PathPrefix'])
    authorize('iam:ListRoles', '*')
    const roles = iam.roles().map(roleView)
    const below = roles.filter(({ Path }) => Path.startsWith(input.PathPrefix ?? '/'))
    const byName = below.sort((left, right) => (left.RoleName < right.RoleName ? -1 : 1))
    const { items, rest } = page(byName, input)
    return { Roles: items, ...rest }
  }
}
