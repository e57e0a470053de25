import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExplainedLevel, PlanVersion } from '#billing/contract'
import { derivedId } from '#kernel/ids'
import { createMemoryTable } from '#kernel/memory-table'
import { HOUR_MS, type Instant, instant, type Period, plusMs } from '#kernel/time'
import { append } from '../ledger/append.ts'
import { listDirty } from '../ledger/dirty.ts'
import { putTotal, readHour, totalOfHour } from '../ledger/totals.ts'
import { ACCOUNT, PERIOD, starter } from '../workflows/testing/fixtures.ts'
import { explainLevel, type LevelQuery } from './explain-level.ts'
import { explainLines } from './explain-lines.ts'

type Call = {
  readonly units: number
  readonly key: number
  readonly route: number
  readonly at: number
  readonly failed: boolean
}
const KEYS = ['a', 'b', 'c'].map(name => derivedId('key', name))
const ROUTES = ['POST /v1/batch', 'POST /v1/phone']
const WINDOW_MS = 60 * HOUR_MS

/** Calls within two and a half days of the start of a period that begins in the middle of an hour. */
const calls = fc.array(
  fc.record({
    units: fc.integer({ min: 0, max: 40 }),
    key: fc.nat(2),
    route: fc.nat(1),
    at: fc.integer({ min: -HOUR_MS, max: WINDOW_MS }),
    failed: fc.boolean(),
  }),
  { maxLength: 40 },
)
const tiers = fc.uniqueArray(fc.integer({ min: 1, max: 600 }), { minLength: 0, maxLength: 3 })

const priceOf = (bounds: readonly number[]): PlanVersion['usagePrice'] => ({
  model: 'graduated',
  tiers: [...[...bounds].sort((a, b) => a - b), null].map((upToUnits, i) => ({
    ...{ upToUnits, unitPriceMinor: `0.${i + 1}5`, flatMinor: '0' },
  })),
})

async function ledgerOf(given: readonly Call[], rolledUp: boolean) {
  const ledger = createMemoryTable()
  const usage = given.map(({ units, key, route, at, failed }, n) => ({
    ...{ id: derivedId('req', String(n)), account: ACCOUNT, key: KEYS[key] ?? '', units, durationMs: 1 },
    ...{ route: ROUTES[route] ?? '', status: failed ? 422 : 200, usedAt: plusMs(PERIOD.start, at) },
  }))
  await append(ledger, { usage, access: [] })
  if (rolledUp)
    for (const { hour } of await listDirty(ledger, ACCOUNT)) {
      await putTotal(ledger, ACCOUNT, totalOfHour(hour, await readHour(ledger, ACCOUNT, hour)))
      await ledger.remove({ pk: 'dirty', sk: `${ACCOUNT}#${hour}` })
    }
  return ledger
}

const rowSum = ({ rows, requests }: ExplainedLevel): number =>
  rows.reduce((sum, { units }) => sum + units, 0) + requests.reduce((sum, one) => sum + one.billedUnits, 0)

describe('an explained line', () => {
  test('adds up exactly on every level, whatever the tiers, the carry-over and the cap', async () => {
    await fc.assert(
      fc.asyncProperty(
        ...[calls, tiers, fc.integer({ min: -80, max: 80 }), fc.integer({ min: 1, max: 900 }), fc.boolean()],
        async (given, bounds, carriedInUnits, capUnits, rolledUp) => {
          const ledger = await ledgerOf(given, rolledUp)
          const inPeriod = given.filter(({ at, failed }) => at >= 0 && !failed)
          const metered = inPeriod.reduce((sum, { units }) => sum + units, 0)
          const owed = Math.max(0, Math.min(capUnits, metered + carriedInUnits))
          const lines = explainLines({ usagePrice: priceOf(bounds) }, owed, [])
          expect(lines.reduce((sum, { units }) => sum + units, 0)).toBe(owed)
          for (const { fromUnits, toUnits, units } of lines) {
            const query: LevelQuery = {
              ...{
                accountId: ACCOUNT,
                period: PERIOD,
                carriedInUnits,
                line: { from: fromUnits, to: toUnits },
              },
            }
            const days = await explainLevel(ledger, query)
            if (!days) throw new Error('no days')
            expect(days.carriedInUnits + rowSum(days)).toBe(units)
            for (const day of days.rows) await checkDay(ledger, query, day)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

async function checkDay(
  ledger: Awaited<ReturnType<typeof ledgerOf>>,
  query: LevelQuery,
  { name: day, units }: ExplainedLevel['rows'][number],
): Promise<void> {
  const keys = await explainLevel(ledger, { ...query, day })
  expect(keys && [keys.units, rowSum(keys)]).toEqual([units, units])
  for (const key of keys?.rows ?? []) {
    const routes = await explainLevel(ledger, { ...query, day, keyId: key.name })
    expect(routes && rowSum(routes)).toBe(key.units)
    for (const route of routes?.rows ?? []) {
      const requests = await explainLevel(ledger, { ...query, day, keyId: key.name, route: route.name })
      expect(requests && rowSum(requests)).toBe(route.units)
    }
  }
}

const period: Period = { start: PERIOD.start, end: PERIOD.end }
const noonAfter = (ms: number): Instant => instant(PERIOD.start + ms)

test('more requests than a page holds come page by page, each once, and the pages add up', async () => {
  const ledger = createMemoryTable()
  const usage = Array.from({ length: 250 }, (_, n) => ({
    ...{ id: derivedId('req', String(n)), account: ACCOUNT, key: KEYS[0] ?? '', units: 2, durationMs: 1 },
    ...{ route: 'POST /v1/batch', status: 200, usedAt: noonAfter(n * 60_000) },
  }))
  await append(ledger, { usage, access: [] })
  const query = { accountId: ACCOUNT, period, carriedInUnits: 0, line: { from: 0, to: 499 } }
  const at = { ...query, day: '2026-11-10', keyId: KEYS[0], route: 'POST /v1/batch' }
  const ids: string[] = []
  let units = 0
  let cursor: string | undefined
  do {
    const page = await explainLevel(ledger, { ...at, cursor })
    ids.push(...(page?.requests ?? []).map(({ id }) => id))
    units += page?.units ?? 0
    cursor = page?.nextCursor ?? undefined
  } while (cursor)
  expect([ids.length, new Set(ids).size, units]).toEqual([250, 250, 499])
  expect(await explainLevel(ledger, { ...at, cursor: 'mine' })).toBeNull()
})

test('what was billed and failed after all is shown as such, so that the sum stays that of the line', async () => {
  const ledger = createMemoryTable()
  const [id, key] = [derivedId('req', 'one'), KEYS[0] ?? '']
  const usedAt = noonAfter(HOUR_MS)
  const record = { id, key, account: ACCOUNT, route: 'POST /v1/batch', usedAt }
  await append(ledger, {
    usage: [{ ...record, units: 9, status: 200, durationMs: 1 }],
    access: [{ ...record, status: 504 }],
  })
  const days = await explainLevel(ledger, {
    ...{ accountId: ACCOUNT, period, carriedInUnits: 0, line: { from: 0, to: 9 } },
  })
  expect(days?.rows).toEqual([{ name: 'voided', units: 9 }])
})

test('a line shows what it prices, exactly, before it is rounded', () => {
  const [included, further] = explainLines(starter, 25_007, [])
  expect(included).toMatchObject({ fromUnits: 0, toUnits: 20_000, unroundedMinor: '0', amountMinor: '0' })
  expect(further).toMatchObject({
    fromUnits: 20_000,
    units: 5_007,
    unroundedMinor: '751.05',
    amountMinor: '751',
  })
  const usagePrice = { model: 'package', packageUnits: 60, packagePriceMinor: '1000' } as const
  const [hours] = explainLines({ usagePrice }, 150, [])
  expect(hours).toMatchObject({ kind: 'package', perUnits: 60, unroundedMinor: '3000', amountMinor: '3000' })
})
