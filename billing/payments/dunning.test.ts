import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, instant, MINUTE_MS, parseInstant, plusMs } from '#kernel/time'
import { subscription } from '../workflows/testing/fixtures.ts'
import { decideDunning, isFailing, scheduleOf } from './dunning.ts'
import type { Dunning } from './dunning-record.ts'
import type { Collection } from './ports.ts'

const FAILED = parseInstant('2026-12-11T10:00:00Z')
const invoice = (change: Partial<Collection> = {}): Collection => ({
  ...{ id: 'in_1', status: 'open', customerId: 'cus_1', subscriptionId: 'sub_1', number: 'A-2' },
  ...{ billingReason: 'subscription_cycle', currency: 'usd', totalMinor: 2900n, creditedMinor: 0n },
  ...{ remainingMinor: 2900n, attempted: true, needsAuthentication: false, hostedUrl: null },
  ...change,
})
const record = (graceMs: number, cancelMs: number): Dunning => ({
  ...{ accountId: 'acct', invoiceId: 'in_1', subscriptionId: 'sub_1', number: 'A-2', currency: 'usd' },
  ...{ remainingMinor: '2900', hostedUrl: null, needsAuthentication: false, failedAt: FAILED },
  ...{ told: [], revision: 0, ...scheduleOf(FAILED, { graceMs, cancelMs }) },
})

/** Does what is decided, one thing at a time, until something has to be waited for. */
function advance(before: Dunning, at: number, of = invoice()): [Dunning, string[]] {
  let current = before
  const done: string[] = []
  for (;;) {
    const action = decideDunning(of, current, instant(at))
    if (action.kind === 'wait' && action.until <= at) throw new Error('waits for the past')
    if (action.kind === 'wait' || action.kind === 'rest' || action.kind === 'settle') return [current, done]
    done.push(action.kind === 'tell' ? action.stage : action.kind)
    if (action.kind === 'tell') current = { ...current, told: [...current.told, action.stage] }
    else if (action.kind === 'block') current = { ...current, blockedAt: instant(at), inForceAt: instant(at) }
    else current = { ...current, cancelledAt: instant(at) }
  }
}

test('every notice comes at most once and in its order, never a block before the grace, whenever it is looked at', () => {
  const ORDER = ['failed', 'reminder', 'last_warning', 'block', 'cancel']
  const looks = fc.array(fc.integer({ min: 0, max: 40 * DAY_MS }), { minLength: 1, maxLength: 20 })
  const days = fc.integer({ min: 0, max: 15 })
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 15 }), looks, (grace, cancel, offsets) => {
      let current = record(grace * DAY_MS, cancel * DAY_MS)
      const done: string[] = []
      for (const offset of offsets.sort((a, b) => a - b)) {
        const [next, now] = advance(current, FAILED + offset)
        if (now.includes('block')) expect(offset).toBeGreaterThanOrEqual(grace * DAY_MS)
        if (now.includes('cancel')) expect(offset).toBeGreaterThanOrEqual((grace + cancel) * DAY_MS)
        current = next
        done.push(...now)
      }
      const places = done.map(one => ORDER.indexOf(one))
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
      expect(done[0]).toBe('failed')
    }),
  )
})

test('the default grace reminds after half of it and warns a day before the block', () => {
  const schedule = scheduleOf(FAILED, { graceMs: 7 * DAY_MS, cancelMs: 14 * DAY_MS })
  expect(schedule).toEqual({
    reminderAt: plusMs(FAILED, 3.5 * DAY_MS),
    lastWarningAt: plusMs(FAILED, 6 * DAY_MS),
    blockAt: plusMs(FAILED, 7 * DAY_MS),
    cancelAt: plusMs(FAILED, 21 * DAY_MS),
  })
})

test('a question of the bank that comes later is told once', () => {
  const [failed] = advance(record(7 * DAY_MS, DAY_MS), FAILED)
  const asked = advance(failed, FAILED + MINUTE_MS, invoice({ needsAuthentication: true }))
  expect(asked[1]).toEqual(['authentication'])
  expect(advance(asked[0], FAILED + MINUTE_MS, invoice({ needsAuthentication: true }))[1]).toEqual([])
})

test.each([
  ['paid', 'paid'],
  ['void', 'forgiven'],
  ['uncollectible', 'forgiven'],
] as const)('an invoice that is %s is settled, however far its dunning is', (status, how) => {
  const settled = { kind: 'settle', how }
  const fresh = record(DAY_MS, DAY_MS)
  const [cancelled] = advance(fresh, FAILED + 9 * DAY_MS)
  for (const one of [fresh, cancelled])
    expect(decideDunning(invoice({ status }), one, plusMs(FAILED, 10 * DAY_MS))).toEqual(settled)
})

test.each([
  ['the first invoice of an upgrade that waits for its payment', 'subscription_create', 'incomplete', false],
  ['the first invoice of a subscription that runs', 'subscription_create', 'past_due', true],
  ['the invoice of a month', 'subscription_cycle', 'past_due', true],
] as const)('%s is collected: %s, %s → %s', async (_, billingReason, status, expected) => {
  const stripe = { getSubscription: async () => subscription({ status }) }
  expect(await isFailing(stripe, invoice({ billingReason }))).toBe(expected)
})
