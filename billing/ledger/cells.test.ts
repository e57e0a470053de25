import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import { HOUR_MS, hourOf, instant, plusMs } from '#kernel/time'
import { addCells, cellsOf, tallyOfCells } from '../domain/usage-cells.ts'
import { rollUp } from '../jobs/roll-up.ts'
import { callAt, createTestDeps } from '../procedures/testing/test-deps.ts'
import { append } from './append.ts'
import { listCells } from './cells.ts'
import { foldPeriod } from './fold-period.ts'
import { ACCOUNT, arbitraryRecords, HOURS, NOON } from './testing/arbitrary-records.ts'

test('the cells of a period are its fold, cut anywhere, before and after roll-up', async () => {
  const span = HOURS * HOUR_MS
  await fc.assert(
    fc.asyncProperty(
      arbitraryRecords(),
      fc.nat(span),
      fc.nat(span),
      fc.boolean(),
      async (records, a, b, isRolledUp) => {
        const deps = createTestDeps()
        await append(deps.ledger, records)
        if (isRolledUp) await rollUp(deps, callAt(NOON))
        const period = { start: instant(NOON + Math.min(a, b)), end: instant(NOON + Math.max(a, b)) }
        const fold = await foldPeriod(deps.ledger, ACCOUNT, period)
        const hours = await listCells(deps.ledger, ACCOUNT, period)
        const cells = addCells(hours.flatMap(hour => hour.cells))
        const sumOf = (isMine: (cell: (typeof cells)[number]) => boolean) =>
          tallyOfCells(cells.filter(isMine))
        expect(tallyOfCells(cells)).toEqual({ calls: fold.calls, failed: fold.failed, units: fold.units })
        expect(cells.reduce((sum, { refused }) => sum + refused, 0)).toBe(fold.refused)
        for (const [key, { lastUsedAt: _, ...tally }] of Object.entries(fold.byKey))
          expect(sumOf(({ keyId }) => keyId === key)).toEqual(tally)
        for (const [name, tally] of Object.entries(fold.byRoute))
          expect(sumOf(({ route }) => route === name)).toEqual(tally)
        for (const { hour, cells } of hours) {
          const nothing = { calls: 0, failed: 0, units: 0 }
          expect(tallyOfCells(cells)).toEqual(fold.byHour[hour] ?? nothing)
        }
      },
    ),
  )
})

test('an hour with more cells than an item holds is folded from its events', async () => {
  const ledger = createMemoryTable()
  const [records] = fc.sample(arbitraryRecords(), { numRuns: 1, seed: 7 })
  if (!records) throw new Error('no records')
  await append(ledger, records)
  const hour = hourOf(NOON)
  await ledger.put({ pk: `cells#${ACCOUNT}`, sk: hour, batches: 99 })
  await rollUp(createTestDeps({ ledger }), callAt(NOON))
  const period = { start: NOON, end: plusMs(NOON, HOUR_MS) }
  const isIn = ({ usedAt }: { usedAt: number }) => usedAt < period.end
  const inHour = { usage: records.usage.filter(isIn), access: records.access.filter(isIn) }
  expect((await listCells(ledger, ACCOUNT, period))[0]?.cells).toEqual(cellsOf(inHour))
})
