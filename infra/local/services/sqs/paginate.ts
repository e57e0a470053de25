import { invalidParameter, SqsError } from './errors.ts'

const MAX_RESULTS = 1_000

/** One page. Without `MaxResults` everything, up to a thousand, comes at once and no token is given. */
export function paginate<T>(
  items: readonly T[],
  query: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { items: T[]; NextToken?: string } {
  const { MaxResults, NextToken } = query
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > MAX_RESULTS)) {
    throw invalidParameter('MaxResults', MaxResults, 'MaxResults must be an integer between 1 and 1000.')
  }
  const from = NextToken === undefined ? 0 : readToken(NextToken)
  if (MaxResults === undefined) return { items: items.slice(from, from + MAX_RESULTS) }
  const to = from + MaxResults
  const page = { items: items.slice(from, to) }
  if (to >= items.length) return page
  return { ...page, NextToken: Buffer.from(`from:${to}`).toString('base64url') }
}

function readToken(token: string): number {
  const found = /^from:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString())
  if (!found) throw new SqsError('InvalidParameterValue', 'Invalid or expired next token.')
  return Number(found[1])
}
