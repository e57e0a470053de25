import type { billingContract } from '#billing/contract'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { DAY_MS } from '#kernel/time'
import { foldPeriod } from '../ledger/fold-period.ts'
import type { BillingDeps } from './deps.ts'
import { visibleUpTo } from './freshness.ts'
import { loadAccount } from './load-account.ts'

/** A year and a leap day: about 9,000 hours, far below the 6 MB that an answer may have. */
const PERIOD_MAX_DAYS = 366

/** Hours with usage of a period, by default the open segment; hours without are left out. */
export const getUsage =
  (deps: Pick<BillingDeps, 'accounts' | 'ledger'>): Handlers<typeof billingContract>['getUsage'] =>
  async ({ accountId, period: asked }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const { start, end } = asked ?? loaded.value.segment
    if (end <= start) return fail('invalid_request', 'The period must end after it starts.')
    if (end - start > PERIOD_MAX_DAYS * DAY_MS)
      return fail('invalid_request', `The period must not be longer than ${PERIOD_MAX_DAYS} days.`)
    const fold = await foldPeriod(deps.ledger, accountId, { start, end })
    const hours = Object.entries(fold.byHour)
      .map(([hour, tally]) => ({ hour, ...tally }))
      .sort((a, b) => (a.hour < b.hour ? -1 : 1))
    const byRoute = Object.fromEntries(
      Object.entries(fold.byRoute).map(([route, { units }]) => [route, units]),
    )
    return ok({ period: { start, end }, hours, byRoute, freshAt: visibleUpTo(call.now) })
  }
