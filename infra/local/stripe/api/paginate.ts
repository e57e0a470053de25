import { invalidRequest } from '../engine/fault.ts'
import { type Input, integer, object, text } from '../engine/params.ts'
import type { ListItem } from './router.ts'

export const pageParams = object({ ending_before: text(), limit: integer(), starting_after: text() })

const MAX_LIMIT = 100
const DEFAULT_LIMIT = 10

/** One page, newest first, of items in the order of creation: https://docs.stripe.com/api/pagination */
export function paginate<T extends ListItem>(
  created: readonly T[],
  page: Input<typeof pageParams>,
): { items: T[]; hasMore: boolean } {
  const limit = page.limit ?? DEFAULT_LIMIT
  if (limit < 1 || limit > MAX_LIMIT) {
    throw invalidRequest(`This value must be between 1 and ${MAX_LIMIT}.`, {
      param: 'limit',
      beforeExecution: true,
    })
  }
  const newest = [...created].reverse()
  if (page.ending_before !== undefined) {
    const before = newest.slice(0, position(newest, page.ending_before, 'ending_before'))
    return { items: before.slice(-limit), hasMore: before.length > limit }
  }
  const start =
    page.starting_after === undefined ? 0 : position(newest, page.starting_after, 'starting_after') + 1
  const rest = newest.slice(start)
  return { items: rest.slice(0, limit), hasMore: rest.length > limit }
}

function position(items: readonly ListItem[], id: string, param: string): number {
  const index = items.findIndex(item => item.id === id)
  if (index === -1) throw invalidRequest(`No such object: '${id}'`, { code: 'resource_missing', param })
  return index
}
