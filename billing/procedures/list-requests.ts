import type { billingContract } from '#billing/contract'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { DAY_MS, type Hour, hourOf, type Instant, instant, plusMs, startOfHour } from '#kernel/time'
import { listRequests as listFolded, type Request } from '../domain/fold.ts'
import { listDirty } from '../ledger/dirty.ts'
import { listTotals, readHour } from '../ledger/totals.ts'
import type { BillingDeps } from './deps.ts'
import { visibleUpTo } from './freshness.ts'
import { loadAccount } from './load-account.ts'

const KEPT_DAYS = 30
const DEFAULT_LIMIT = 50
/** A search that finds little stops after so many requests and is continued by its cursor. */
const SEARCHED_MAX = 20_000

type Input = Parameters<Handlers<typeof billingContract>['listRequests']>[0]
/** A place in the list: everything older than it comes next. */
type Place = { readonly usedAt: Instant; readonly id: string }

/** The requests of an account, newest first, from the ledger's events. */
export const listRequests =
  (deps: Pick<BillingDeps, 'accounts' | 'ledger'>): Handlers<typeof billingContract>['listRequests'] =>
  async (input, call) => {
    const loaded = await loadAccount(deps, input.accountId, call)
    if (!loaded.ok) return loaded
    const after = input.cursor === undefined ? undefined : parseCursor(input.cursor)
    if (after === null)
      return fail('invalid_request', 'This cursor is none of ours. Start from the first page.')
    const from = plusMs(call.now, -KEPT_DAYS * DAY_MS)
    const limit = input.limit ?? DEFAULT_LIMIT
    const requests: Request[] = []
    let searched = 0
    const hours = await hoursWithRequests(deps, input.accountId, from, after?.usedAt ?? call.now)
    for (const hour of hours) {
      const all = listFolded((await readHour(deps.ledger, input.accountId, hour)).records)
      searched += all.length
      const found = all.filter(
        request => request.usedAt >= from && isAfter(request, after) && fits(request, input),
      )
      requests.push(...found.slice(0, limit - requests.length + 1))
      if (requests.length > limit) {
        const page = requests.slice(0, limit)
        const last = page.at(-1)
        return ok({
          requests: page,
          ...continuing(last ?? { usedAt: from, id: '' }),
          freshAt: visibleUpTo(call.now),
        })
      }
      if (searched >= SEARCHED_MAX && hour !== hours.at(-1))
        return ok({
          requests,
          ...continuing({ usedAt: startOfHour(hour), id: '' }),
          freshAt: visibleUpTo(call.now),
        })
    }
    return ok({ requests, nextCursor: null, searchedTo: from, freshAt: visibleUpTo(call.now) })
  }

/** Newest first. An hour has a total or, until roll-up made one, a marker. */
async function hoursWithRequests(
  { ledger }: Pick<BillingDeps, 'ledger'>,
  accountId: string,
  from: Instant,
  to: Instant,
): Promise<Hour[]> {
  const range = { from: hourOf(from), to: hourOf(to) }
  const marked = (await listDirty(ledger, accountId)).map(({ hour }) => hour)
  const totals = await listTotals(ledger, accountId, range)
  const hours = new Set([...totals.map(({ hour }) => hour), ...marked])
  return [...hours]
    .filter(hour => range.from <= hour && hour <= range.to)
    .sort()
    .reverse()
}

const fits = (request: Request, { keyId, route, outcome, id }: Input): boolean =>
  (keyId === undefined || request.keyId === keyId) &&
  (route === undefined || request.route === route) &&
  (outcome === undefined || request.outcome === outcome) &&
  (id === undefined || request.id === id)

const isAfter = (request: Request, after: Place | undefined): boolean =>
  after === undefined ||
  request.usedAt < after.usedAt ||
  (request.usedAt === after.usedAt && request.id < after.id)

const continuing = ({ usedAt, id }: Place) => ({ nextCursor: `${usedAt}~${id}`, searchedTo: usedAt })

function parseCursor(cursor: string): Place | null {
  const [, usedAt, id] = /^(\d{1,15})~(.*)$/.exec(cursor) ?? []
  return usedAt === undefined || id === undefined ? null : { usedAt: instant(Number(usedAt)), id }
}
