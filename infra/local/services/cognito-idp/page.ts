import { invalidParameter } from './errors.ts'

const MAX_PAGE = 60

/** Cuts one page out of a list; the token is the offset of the next one. No limit, or 0, is the largest page. */
export function pageOf<T>(
  items: readonly T[],
  token: string | undefined,
  limit: number | undefined,
): { items: T[]; next?: string } {
  const offset = token === undefined ? 0 : /^\d{1,9}$/.test(token) ? Number(token) : Number.NaN
  if (Number.isNaN(offset)) throw invalidParameter('Invalid pagination token provided.')
  const next = offset + (limit || MAX_PAGE)
  return { items: items.slice(offset, next), ...(next < items.length ? { next: String(next) } : {}) }
}
