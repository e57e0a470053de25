import { ServiceError } from '../../contract.ts'

const MAX_RESULTS = 100

/** One page of a list; the token is the offset of the next one. */
export function paginate<T>(
  items: readonly T[],
  asked: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { items: T[]; NextToken?: string } {
  const { MaxResults = MAX_RESULTS, NextToken = '0' } = asked
  if (!/^\d{1,9}$/.test(NextToken))
    throw new ServiceError('InvalidNextTokenException', 'The NextToken value is invalid.')
  const next = Number(NextToken) + MaxResults
  const page = { items: items.slice(Number(NextToken), next) }
  return next < items.length ? { ...page, NextToken: String(next) } : page
}
