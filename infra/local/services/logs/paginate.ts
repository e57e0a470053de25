import { invalidParameter } from './logs.ts'

/** One page of things in the order of their keys; the token is the last key of the page before. */
export function paginate<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  page: { readonly limit: number; readonly nextToken: string | undefined },
): { items: T[]; nextToken?: string } {
  const after = page.nextToken === undefined ? undefined : readToken(page.nextToken)
  const rest = after === undefined ? items : items.filter(item => keyOf(item) > after)
  const chosen = rest.slice(0, page.limit)
  const last = chosen.at(-1)
  if (last === undefined || chosen.length === rest.length) return { items: chosen }
  return { items: chosen, nextToken: Buffer.from(`after ${keyOf(last)}`).toString('base64url') }
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString()
  if (!text.startsWith('after ')) throw invalidParameter('The specified nextToken is invalid.')
  return text.slice('after '.length)
}
