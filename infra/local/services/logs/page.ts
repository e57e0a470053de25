import { ServiceError } from '../../contract.ts'

/** Cuts one page out of a list; the token is the offset of the next one. */
export function pageOf<T>(
  items: readonly T[],
  token: string | undefined,
  limit: number,
): { items: T[]; nextToken?: string } {
  const offset = token === undefined ? 0 : Number(token)
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.')
  }
  const next = offset + limit
  return { items: items.slice(offset, next), ...(next < items.length ? { nextToken: String(next) } : {}) }
}
