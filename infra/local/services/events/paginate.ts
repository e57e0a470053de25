import { ServiceError } from '../../contract.ts'
import { MAX_LIMIT } from './members.ts'

/** One page of things in the order of their names; the token is the last name of the page before. */
export function paginate<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  query: { readonly Limit?: number | undefined; readonly NextToken?: string | undefined },
): { items: T[]; NextToken?: string } {
  const after = query.NextToken === undefined ? undefined : readToken(query.NextToken)
  const rest = items
    .filter(item => after === undefined || nameOf(item) > after)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  const chosen = rest.slice(0, query.Limit ?? MAX_LIMIT)
  const last = chosen.at(-1)
  if (last === undefined || chosen.length === rest.length) return { items: chosen }
  return { items: chosen, NextToken: Buffer.from(`after ${nameOf(last)}`).toString('base64url') }
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString()
  if (!text.startsWith('after ')) throw new ServiceError('ValidationException', 'The next token is invalid.')
  return text.slice('after '.length)
}
