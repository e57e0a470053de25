import type { ListUsersRequest, ListUsersResponse } from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminPool } from '../admin.ts'
import type { Cognito } from '../cognito.ts'
import { describeUser } from '../describe.ts'
import { invalidParameter } from '../errors.ts'
import { pageOf } from '../page.ts'
import type { User } from '../state.ts'

const FILTERABLE = [
  'username',
  'email',
  'phone_number',
  'name',
  'given_name',
  'family_name',
  'preferred_username',
  'sub',
  'status',
  'cognito:user_status',
]
const KNOWN = ['UserPoolId', 'AttributesToGet', 'Limit', 'PaginationToken', 'Filter']
const MAX_LIMIT = 60

/** Users, all or by one filter such as `email = "a@b.example"` (exact) or `email ^= "a@"` (prefix). */
export const listUsers =
  (cognito: Cognito) =>
  (input: ListUsersRequest, context: OperationContext): ListUsersResponse => {
    refuseUnknown('cognito-idp ListUsers', input, KNOWN)
    const pool = adminPool(cognito, context, 'ListUsers', input.UserPoolId)
    const matches = parseFilter(input.Filter, pool.caseSensitive)
    const page = pageOf(
      [...pool.users.values()].filter(matches),
      input.PaginationToken,
      input.Limit ?? MAX_LIMIT,
    )
    const users = page.items.map(user => {
      const described = describeUser(user)
      const wanted = input.AttributesToGet
      const chosen = described.Attributes?.filter(
        attribute => !wanted || wanted.includes(attribute.Name ?? ''),
      )
      return { ...described, Attributes: chosen }
    })
    return { Users: users, ...(page.next ? { PaginationToken: page.next } : {}) }
  }

function parseFilter(filter: string | undefined, caseSensitive: boolean): (user: User) => boolean {
  if (!filter) return () => true
  const match = /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(filter)
  const [, name = '', operator, quoted = ''] = match ?? []
  if (!match || !FILTERABLE.includes(name)) throw invalidParameter('Error while parsing filter expression.')
  const fold = (text: string): string => (caseSensitive ? text : text.toLowerCase())
  const wanted = fold(quoted.replace(/\\(.)/g, '$1'))
  return user => {
    const value = fold(filteredValue(user, name))
    return operator === '=' ? value === wanted : value.startsWith(wanted)
  }
}

function filteredValue(user: User, name: string): string {
  if (name === 'username') return user.username
  if (name === 'status') return user.enabled ? 'Enabled' : 'Disabled'
  if (name === 'cognito:user_status') return user.status
  return user.attributes[name] ?? ''
}
