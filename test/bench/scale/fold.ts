import type { AccessRecord, UsageEvent } from '#api/contract'
import { rate, totalOf } from '#billing/contract'
import { hourOf } from '#kernel/time'
import { addFolds, type Fold, foldRecords, type LedgerRecords } from '../../../billing/domain/fold.ts'
import { foldPeriod } from '../../../billing/ledger/fold-period.ts'
import { listTotals, readHour } from '../../../billing/ledger/totals.ts'
import { planVersions } from '../../../billing/procedures/testing/test-deps.ts'
import { type Figure, grouped, peakRss, perSecond, seconds } from '../figures.ts'
import { type AccountTotal, ledgerPath, type Place, writeTotals } from './place.ts'
import { openSqliteLedger } from './sqlite-ledger.ts'
import { accountIdsOf, deliver, MONTH } from './traffic.ts'

type Clock = { readMs: number; foldMs: number }

/** The month of every account, from its batches; the totals are used only to know which hours to read. */
export async function foldEvents(place: Place): Promise<readonly Figure[]> {
  const ledger = openSqliteLedger(ledgerPath(place))
  const clock: Clock = { readMs: 0, foldMs: 0 }
  const totals: AccountTotal[] = []
  for (const account of accountIdsOf(place.traffic)) {
    const hours = await listTotals(ledger, account, wholeMonth)
    const folds: Fold[] = []
    for (const { hour } of hours) {
      const startedAt = performance.now()
      const { records } = await readHour(ledger, account, hour)
      clock.readMs += performance.now() - startedAt
      folds.push(timedFold(clock, () => foldRecords(records)))
    }
    totals.push({ account, ...timedFold(clock, () => addFolds(folds)) })
  }
  ledger.close()
  writeTotals(place, 'from-events', totals)
  const { events } = place.traffic
  return [
    ['fold from events', perSecond(events, clock.readMs + clock.foldMs, 'events')],
    ['  reading, unzipping and checking batches', seconds(clock.readMs)],
    ['  folding alone', `${perSecond(events, clock.foldMs, 'events')} in ${seconds(clock.foldMs)}`],
    ['  peak memory', peakRss()],
  ]
}

/** The month of every account as reporting and statements fold it, and its price. */
export async function foldTotals(place: Place): Promise<readonly Figure[]> {
  const ledger = openSqliteLedger(ledgerPath(place))
  const accounts = accountIdsOf(place.traffic)
  const totals: AccountTotal[] = []
  const startedAt = performance.now()
  for (const account of accounts) totals.push({ account, ...(await foldPeriod(ledger, account, MONTH)) })
  const foldMs = performance.now() - startedAt
  ledger.close()
  writeTotals(place, 'from-totals', totals)

  const ratedAt = performance.now()
  let amountMinor = 0n
  for (const { units } of totals)
    for (const { usagePrice } of planVersions) amountMinor += totalOf(rate(usagePrice, units))
  const rateMs = performance.now() - ratedAt
  return [
    ['fold from hour totals', `${perSecond(accounts.length, foldMs, 'accounts')} in ${seconds(foldMs)}`],
    ['  peak memory', peakRss()],
    ['rating', perSecond(accounts.length * planVersions.length, rateMs, 'statements')],
    ['  sum over all accounts and plans', `${grouped(Number(amountMinor / 100n))} USD`],
  ]
}

/** The domain alone: a million records in memory as they come out of batches, one in thirty twice. */
export async function foldMemory(): Promise<readonly Figure[]> {
  const records = inMemory()
  const count = records.usage.length + records.access.length
  foldRecords({ usage: records.usage.slice(0, 10_000), access: [] })
  const clock: Clock = { readMs: 0, foldMs: 0 }
  timedFold(clock, () => foldRecords(records))
  return [
    ['fold of records in memory', perSecond(count, clock.foldMs, 'records')],
    ['  peak memory', peakRss()],
  ]
}

function inMemory(): LedgerRecords {
  const records: Writable = { usage: [], access: [] }
  for (const delivery of deliver({ events: 1_000_000, accounts: 1 })) {
    // Through JSON, as from a batch: strings that were put together from parts are slower to look up.
    const { usage, access }: LedgerRecords = JSON.parse(JSON.stringify(delivery))
    records.usage.push(...usage)
    records.access.push(...access)
  }
  return records
}

type Writable = { usage: UsageEvent[]; access: AccessRecord[] }

const wholeMonth = { from: hourOf(MONTH.start), to: hourOf(MONTH.end) }

function timedFold<T>(clock: Clock, work: () => T): T {
  const startedAt = performance.now()
  const value = work()
  clock.foldMs += performance.now() - startedAt
  return value
}
