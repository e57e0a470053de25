import { ServiceError } from '../../contract.ts'
import { MAX_RESULTS } from './members.ts'

/** One page of things in the order of their keys; the token is the last key of the page before. */
export function paginate<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  query: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { items: T[]; NextToken?: string } {
  const after = query.NextToken === undefined ? undefined : readToken(query.NextToken)
  const rest = items
    .filter(item => after === undefined || keyOf(item) > after)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const chosen = rest.slice(0, query.MaxResults ?? MAX_RESULTS)
  const last = chosen.at(-1)
  if (last === undefined || chosen.length === rest.length) return { items: chosen }
  return { items: chosen, NextToken: Buffer.from(`after ${keyOf(last)}`).toString('base64url') }
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString()
  if (!text.startsWith('after ')) throw new ServiceError('ValidationException', 'Invalid NextToken.')
  return text.slice('after '.length)
}
