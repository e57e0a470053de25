import { type billingContract, isFree, rate, totalOf, type Usage } from '#billing/contract'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { DAY_MS, type Instant, type Period } from '#kernel/time'
import { loadPayableUnits } from '../accounts/cap-units.ts'
import { loadCarryOver } from '../accounts/carry-over.ts'
import { addTallies, type Tally } from '../domain/fold.ts'
import { owedUnits } from '../domain/segment.ts'
import { addCells, tallyOfCells } from '../domain/usage-cells.ts'
import { type HourCells, listCells } from '../ledger/cells.ts'
import { foldPeriod } from '../ledger/fold-period.ts'
import type { BillingDeps } from './deps.ts'
import { visibleUpTo } from './freshness.ts'
import { type LoadedAccount, loadAccount } from './load-account.ts'

/** A year and a leap day: about 9,000 hours, far below the 6 MB that an answer may have. */
const PERIOD_MAX_DAYS = 366
/** A quarter: up to 2,208 hours, each read with all its keys, routes and statuses. */
const DETAIL_MAX_DAYS = 92

type Deps = Pick<BillingDeps, 'accounts' | 'ledger' | 'plans'>
type Filter = { readonly keyId?: string | undefined; readonly route?: string | undefined }
type Shown = Pick<Usage, 'hours' | 'byKey' | 'byRoute' | 'byStatus'>

/** Usage of a period, by default the open segment; hours without usage are left out. */
export const getUsage =
  (deps: Deps): Handlers<typeof billingContract>['getUsage'] =>
  async ({ accountId, period: asked, ...filter }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const { start, end } = asked ?? loaded.value.segment
    const period = { start, end }
    const isFiltered = filter.keyId !== undefined || filter.route !== undefined
    const maxDays = isFiltered ? DETAIL_MAX_DAYS : PERIOD_MAX_DAYS
    if (end <= start) return fail('invalid_request', 'The period must end after it starts.')
    if (end - start > maxDays * DAY_MS)
      return fail('invalid_request', `The period must not be longer than ${maxDays} days.`)
    const isLong = end - start > DETAIL_MAX_DAYS * DAY_MS
    const shown = isLong
      ? fromTotals(await foldPeriod(deps.ledger, accountId, period))
      : fromCells(await listCells(deps.ledger, accountId, period), filter)
    const costOf = isFiltered ? null : await loadCost(deps, loaded.value, period, call.now)
    return ok({ period, ...shown, days: daysOf(shown.hours, costOf), freshAt: visibleUpTo(call.now) })
  }

const fromTotals = ({ byHour, byKey, byRoute }: Awaited<ReturnType<typeof foldPeriod>>): Shown => ({
  hours: Object.entries(byHour)
    .map(([hour, tally]) => ({ hour, ...bare(tally) }))
    .sort((a, b) => (a.hour < b.hour ? -1 : 1)),
  byKey: mostFirst(Object.entries(byKey).map(([keyId, tally]) => ({ keyId, ...bare(tally) }))),
  byRoute: mostFirst(Object.entries(byRoute).map(([route, tally]) => ({ route, ...bare(tally) }))),
  byStatus: null,
})

function fromCells(all: readonly HourCells[], { keyId, route }: Filter): Shown {
  const hours = all.map(({ hour, cells }) => ({
    hour,
    cells: cells.filter(
      cell => (keyId === undefined || cell.keyId === keyId) && (route === undefined || cell.route === route),
    ),
  }))
  const cells = addCells(hours.flatMap(hour => hour.cells))
  const served = cells.filter(({ calls }) => calls > 0)
  const byStatus = Map.groupBy(cells, ({ status }) => status)
  return {
    hours: hours
      .map(({ hour, cells }) => ({ hour, ...tallyOfCells(cells) }))
      .filter(({ calls }) => calls > 0),
    byKey: mostFirst(
      [...Map.groupBy(served, cell => cell.keyId)].map(([keyId, ofKey]) => ({
        keyId,
        ...tallyOfCells(ofKey),
      })),
    ),
    byRoute: mostFirst(
      [...Map.groupBy(served, cell => cell.route)].map(([route, of]) => ({ route, ...tallyOfCells(of) })),
    ),
    byStatus: [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, of]) => ({
        status,
        calls: of.reduce((sum, { calls }) => sum + calls, 0),
        refused: of.reduce((sum, { refused }) => sum + refused, 0),
        units: of.reduce((sum, { units }) => sum + units, 0),
      })),
  }
}

const bare = ({ calls, failed, units }: Tally): Tally => ({ calls, failed, units })
const mostFirst = <T extends Tally>(rows: T[]): T[] =>
  rows.sort((a, b) => b.units - a.units || b.calls - a.calls)

/** Metered charges of so many units of the period; null when it is no segment, and so no bill. */
async function loadCost(
  deps: Deps,
  { account }: LoadedAccount,
  period: Period,
  now: Instant,
): Promise<((units: number) => bigint) | null> {
  const segments = await deps.accounts.listSegments(account.accountId)
  const segment = segments.find(({ start, end }) => start === period.start && end === period.end)
  const plan = segment && (await deps.plans.getVersion(segment.planVersionId))
  if (!segment || !plan) return null
  if (isFree(plan)) return () => 0n
  const carriedUnits = await loadCarryOver(deps, account.accountId, now, segment.start)
  const payableUnits = await loadPayableUnits(deps, account, plan, segment, carriedUnits)
  return units => totalOf(rate(plan.usagePrice, owedUnits(units, carriedUnits, payableUnits)))
}

/** What was carried in is in the cost of the first day. */
function daysOf(hours: Usage['hours'], costOf: ((units: number) => bigint) | null): Usage['days'] {
  let [units, costMinor] = [0, 0n]
  return [...Map.groupBy(hours, ({ hour }) => hour.slice(0, 10))].map(([day, ofDay]) => {
    const tally = ofDay.reduce<Tally>((sum, hour) => addTallies(sum, hour), { calls: 0, failed: 0, units: 0 })
    units += tally.units
    const upTo = costOf?.(units) ?? null
    const added = upTo === null ? null : String(upTo - costMinor)
    costMinor = upTo ?? 0n
    return { day, ...tally, costMinor: added }
  })
}
