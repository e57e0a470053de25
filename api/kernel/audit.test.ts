import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appendAudit, cursorOf, readAudit } from './audit.ts'
import { createMemoryTable } from './memory-table.ts'
import type { Actor } from './rpc.ts'
import { DAY_MS, type Instant, parseInstant, plusMs } from './time.ts'

const START = parseInstant('2026-01-30T12:00:00Z')
const ONE = 'acct_0000000000000000000001'
const TWO = 'acct_0000000000000000000002'
const admin: Actor = { kind: 'admin', userId: 'usr_admin' }
const service: Actor = { kind: 'service', service: 'billing' }
const callAt = (now: Instant, actor: Actor) => ({ now, actor, requestId: 'req' })

const entries = fc.array(
  fc.record({
    accountId: fc.constantFrom(ONE, TWO, null),
    day: fc.integer({ min: 0, max: 90 }),
    actor: fc.constantFrom(admin, service),
  }),
  { maxLength: 30 },
)

test('pages together give each trail whole, newest first: an account has all that is about it, the deployment what people did and what belongs to no account', async () => {
  await fc.assert(
    fc.asyncProperty(entries, fc.integer({ min: 1, max: 7 }), async (written, limit) => {
      const table = createMemoryTable()
      for (const [i, { accountId, day, actor }] of written.entries())
        await appendAudit(table, callAt(plusMs(START, day * DAY_MS), actor), {
          accountId,
          action: `act.${i}`,
        })
      const now = plusMs(START, 91 * DAY_MS)
      for (const trail of [ONE, TWO, null]) {
        const found = []
        for (let before: string | undefined; ; ) {
          const page = await readAudit(table, { accountId: trail, before, limit }, now)
          found.push(...page)
          const last = page.at(-1)
          if (page.length < limit || !last) break
          before = cursorOf(last)
        }
        const expected = written
          .map((entry, i) => ({ ...entry, action: `act.${i}` }))
          .filter(entry =>
            trail === null
              ? entry.accountId === null || entry.actor.kind !== 'service'
              : entry.accountId === trail,
          )
        expect(found.map(({ action }) => action).sort()).toEqual(expected.map(({ action }) => action).sort())
        const times = found.map(({ at }) => at)
        expect(times).toEqual(times.toSorted((a, b) => b - a))
      }
    }),
    { numRuns: 60 },
  )
})

test('a record says who, when, from what, to what and why', async () => {
  const table = createMemoryTable()
  const entry = { accountId: ONE, action: 'spend_cap.changed', before: '1', after: '2', reason: 'asked for' }
  await appendAudit(table, callAt(START, admin), entry)
  const [record] = await readAudit(table, { accountId: ONE }, START)
  expect(record).toEqual({ ...entry, id: record?.id, at: START, actor: admin })
})
