import { invalidParameter } from './errors.ts'

/** Cuts one page out of a list; the token is the offset of the next one. */
export function pageOf<T>(
  items: readonly T[],
  token: string | undefined,
  limit: number,
): { items: T[]; next?: string } {
  const offset = token === undefined ? 0 : Number(token)
  if (!Number.isSafeInteger(offset) || offset < 0) throw invalidParameter('Invalid pagination token.')
  const next = offset + limit
  return { items: items.slice(offset, next), ...(next < items.length ? { next: String(next) } : {}) }
}
