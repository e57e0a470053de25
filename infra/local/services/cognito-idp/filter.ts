import { invalidParameter } from './errors.ts'
import type { User } from './state.ts'

/** What `ListUsers` can search: cognito/latest/developerguide/how-to-manage-user-accounts.html. */
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

/** Reads `<attribute> = "<value>"` or `<attribute> ^= "<beginning>"`; quotes in the value are escaped with a backslash. */
export function parseFilter(filter: string | undefined, caseSensitive: boolean): (user: User) => boolean {
  if (!filter) return () => true
  const match = /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(filter)
  if (!match) throw invalidParameter('Error while parsing filter expression.')
  const [, name = '', operator, quoted = ''] = match
  if (!FILTERABLE.includes(name)) throw invalidParameter(`Invalid search attribute: ${name}`)
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
