import { badRequest } from './errors.ts'

/** docs.aws.amazon.com/apigateway/latest/api/API_GetApiKeys.html */
const DEFAULT_LIMIT = 25
const MAX_LIMIT = 500

export type Page<T> = { readonly items: T[]; readonly position?: string }

/**
 * One page of records in the order of their ids. The position is the last id seen, so records that come and go
 * between two pages neither repeat nor hide others.
 */
export function paginate<T extends { readonly id: string }>(
  records: Iterable<T>,
  query: { readonly limit?: number | undefined; readonly position?: string | undefined },
): Page<T> {
  const limit = query.limit ?? DEFAULT_LIMIT
  if (!Number.isInteger(limit) || limit < 1) throw badRequest('Invalid limit specified')
  const after = query.position === undefined ? '' : decodePosition(query.position)
  const rest = [...records].filter(record => record.id > after).sort((a, b) => (a.id < b.id ? -1 : 1))
  const items = rest.slice(0, Math.min(limit, MAX_LIMIT))
  const last = items.at(-1)
  return rest.length > items.length && last !== undefined
    ? { items, position: Buffer.from(last.id).toString('base64url') }
    : { items }
}

function decodePosition(position: string): string {
  const id = Buffer.from(position, 'base64url').toString()
  if (!/^[a-z0-9]+$/.test(id)) throw badRequest('Invalid position specified')
  return id
}
