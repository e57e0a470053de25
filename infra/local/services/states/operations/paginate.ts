import { ServiceError } from '../../../contract.ts'

const DEFAULT_RESULTS = 100
const MAX_RESULTS = 1000

export type Page<T> = { readonly items: T[]; readonly nextToken?: string }

/** One page; the token is the offset of the next. */
export function paginate<T>(
  items: readonly T[],
  query: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
): Page<T> {
  const asked = query.maxResults ?? 0
  if (!Number.isInteger(asked) || asked < 0 || asked > MAX_RESULTS) {
    throw new ServiceError('ValidationException', `maxResults must be between 0 and ${MAX_RESULTS}`)
  }
  const offset = query.nextToken === undefined ? 0 : decode(query.nextToken)
  const end = offset + (asked === 0 ? DEFAULT_RESULTS : asked)
  const page = items.slice(offset, end)
  if (end >= items.length) return { items: page }
  return { items: page, nextToken: Buffer.from(`offset:${end}`).toString('base64url') }
}

function decode(token: string): number {
  const found = /^offset:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())
  if (found === null) throw new ServiceError('InvalidToken', `Invalid Token: '${token}'`)
  return Number(found[1])
}
