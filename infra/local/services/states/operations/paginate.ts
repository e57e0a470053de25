import { ServiceError } from '../../../contract.ts'

const DEFAULT_RESULTS = 100

export type Page<T> = { readonly items: T[]; readonly nextToken?: string }

/** One page in the order given; the token names the last item of the page before, so that newer ones shift nothing. */
export function paginate<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  query: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
): Page<T> {
  const from = query.nextToken === undefined ? 0 : positionAfter(items.map(keyOf), query.nextToken)
  const to = from + (query.maxResults || DEFAULT_RESULTS)
  const page = items.slice(from, to)
  const last = page.at(-1)
  if (last === undefined || to >= items.length) return { items: page }
  return { items: page, nextToken: Buffer.from(`after ${keyOf(last)}`).toString('base64url') }
}

function positionAfter(keys: readonly string[], token: string): number {
  const found = /^after (.+)$/s.exec(Buffer.from(token, 'base64url').toString())
  const position = keys.indexOf(found?.[1] ?? '')
  if (position < 0) throw new ServiceError('InvalidToken', `Invalid Token: '${token}'`)
  return position + 1
}
