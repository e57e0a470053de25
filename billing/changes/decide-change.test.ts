import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, plusMs } from '#kernel/time'
import * as given from '../workflows/testing/fixtures.ts'
import type { PlanChange } from '../workflows/work-item.ts'
import { aMonthAfter } from './a-month-after.ts'
import { type ChangeFacts, kindOf, refuseChange, refuseUndo } from './decide-change.ts'
import { decideFollow } from './decide-follow.ts'
import { scale } from './testing/change-world.ts'

const MID = plusMs(given.PERIOD.start, 15 * DAY_MS)
const account = {
  ...{ accountId: given.ACCOUNT, openedAt: given.PERIOD.start, customerId: 'cus_1', subscriptionId: 'sub_1' },
  ...{ planVersionId: 'starter@1', entitlementVersion: 1, blocks: [] },
}
const facts = (change: Partial<ChangeFacts> = {}): ChangeFacts => ({
  ...{
    account,
    segment: given.paidSegment(),
    current: given.starter,
    target: scale,
    open: undefined,
    now: MID,
  },
  subscription: given.subscription({ currentPeriod: given.PERIOD }),
  ...change,
})
const open = (change: Partial<PlanChange> = {}): PlanChange => ({
  ...{ state: 'paying', kind: 'upgrade', attempt: 0, owner: null, since: MID, accountId: given.ACCOUNT },
  ...{ planId: 'scale', planVersionId: 'scale@1', claim: 'claim_1', successUrl: '', cancelUrl: '' },
  ...{ expiresAt: plusMs(MID, HOUR_MS), subscriptionId: 'sub_2' },
  ...change,
})

const cheaper = { ...given.starter, id: 'tiny', planVersionId: 'tiny@1', flatFeeMinor: '900' }
const newer = { ...given.starter, planVersionId: 'starter@2', version: 2, flatFeeMinor: '3900' }

test.each([
  ['free to paid', given.free, scale, 'purchase'],
  ['dearer', given.starter, scale, 'upgrade'],
  ['cheaper', given.starter, cheaper, 'downgrade'],
  ['as dear as the present one', given.starter, { ...cheaper, flatFeeMinor: '2900' }, 'downgrade'],
  ['a dearer version of the same plan, on the same meter', given.starter, newer, 'renewal'],
  ['paid to free', given.starter, given.free, 'cancel'],
] as const)('%s', (_, from, to, kind) => {
  expect(kindOf(from, to)).toBe(kind)
})

describe('a change is refused', () => {
  test.each<[string, Partial<ChangeFacts>, string]>([
    ['to the plan the account is on', { target: given.starter }, 'on Starter already'],
    ['while a payment is overdue', { account: { ...account, blocks: ['unpaid'] } }, 'overdue'],
    [
      'while Stripe waits for a payment',
      { subscription: given.subscription({ status: 'past_due', currentPeriod: given.PERIOD }) },
      'overdue',
    ],
    ['of a stopped account', { account: { ...account, blocks: ['suspended'] } }, 'stopped'],
    ['while another waits for its payment', { open: open() }, 'under way'],
    ['while another is switched on', { open: open({ state: 'switching', expiresAt: MID }) }, 'under way'],
    ['in the first five minutes', { now: plusMs(given.PERIOD.start, 5 * MINUTE_MS - 1) }, '09:35 UTC'],
    ['upwards in the last hour', { now: plusMs(given.PERIOD.end, -HOUR_MS) }, 'period ends at 09:30 UTC'],
    ['between two periods', { now: given.PERIOD.end, target: cheaper }, 'being renewed'],
  ])('%s', (_, change, because) => {
    expect(refuseChange(facts(change))?.message).toContain(because)
  })

  test.each<[string, Partial<ChangeFacts>]>([
    ['after five minutes', { now: plusMs(given.PERIOD.start, 5 * MINUTE_MS) }],
    ['upwards before the last hour', { now: plusMs(given.PERIOD.end, -HOUR_MS - 1) }],
    ['downwards to the last moment', { now: plusMs(given.PERIOD.end, -1), target: cheaper }],
    ['after an unpaid one expired', { open: open({ expiresAt: MID }) }],
    ['beside a Checkout that was left', { open: open({ state: 'checkout_open' }) }],
  ])('but not %s', (_, change) => {
    expect(refuseChange(facts(change))).toBeNull()
  })
})

test('what is scheduled can be undone until an hour before it happens', () => {
  expect(refuseUndo(given.PERIOD.end, plusMs(given.PERIOD.end, -HOUR_MS - 1))).toBeNull()
  expect(refuseUndo(given.PERIOD.end, plusMs(given.PERIOD.end, -HOUR_MS))?.message).toContain(
    'an hour before',
  )
})

describe('a subscription that Stripe speaks of', () => {
  const versions = [given.free, given.starter, scale]
  const scaled = { priceIds: ['price_flat_2', 'price_metered_2'], planVersionId: 'scale@1' }
  test.each<
    [
      string,
      Parameters<typeof given.subscription>[0],
      Partial<typeof account> | null,
      PlanChange | undefined,
      unknown,
    ]
  >([
    ['first of its account', {}, { subscriptionId: null as never }, undefined, { what: 'switch_on' }],
    ['of an open upgrade', { id: 'sub_2', ...scaled }, {}, open(), { what: 'switch_on' }],
    [
      'of an open upgrade that did not note it',
      { id: 'sub_3', claim: 'claim_1', ...scaled },
      {},
      open({ subscriptionId: null }),
      { what: 'switch_on' },
    ],
    ['beside the current one', { id: 'sub_2', ...scaled }, {}, undefined, { what: 'unwanted' }],
    ['beside the one of the open upgrade', { id: 'sub_3', ...scaled }, {}, open(), { what: 'unwanted' }],
    [
      'bought twice',
      { id: 'sub_3' },
      { subscriptionId: null as never },
      open({ state: 'switching' }),
      { what: 'unwanted' },
    ],
    ['current', {}, {}, undefined, { kind: 'note' }],
    ['current, past due', { status: 'past_due' }, {}, undefined, { kind: 'note' }],
    [
      'current, now sold as another plan',
      scaled,
      {},
      undefined,
      { what: 'renewed', planVersionId: 'scale@1' },
    ],
    ['current, ended', { status: 'canceled', endedAt: MID }, {}, undefined, { what: 'ended' }],
    [
      'of an open upgrade, expired',
      { id: 'sub_2', status: 'incomplete_expired' },
      {},
      open(),
      { kind: 'expired' },
    ],
    ['waiting for its first payment', { id: 'sub_2', status: 'incomplete' }, {}, open(), { kind: 'nothing' }],
    ['long ended', { id: 'sub_0', status: 'canceled', endedAt: MID }, {}, undefined, { kind: 'nothing' }],
    ['not ours', { accountId: null }, {}, undefined, { kind: 'nothing' }],
    ['without a plan', { planVersionId: null }, {}, undefined, { kind: 'nothing' }],
    ['of an account that we do not know', {}, null, undefined, { kind: 'nothing' }],
  ])('%s', (_, subscription, change, change2, step) => {
    const of = change === null ? undefined : { ...account, ...change }
    expect(decideFollow(given.subscription(subscription), of, change2, versions)).toMatchObject(
      step as object,
    )
  })
})

test.each([
  ['2026-01-31T10:00:00Z', '2026-02-28T10:00:00.000Z'],
  ['2028-01-30T10:00:00Z', '2028-02-29T10:00:00.000Z'],
  ['2026-12-15T23:59:59Z', '2027-01-15T23:59:59.000Z'],
])('a month after %s', (from, to) => {
  expect(new Date(aMonthAfter(given.at(from))).toISOString()).toBe(to)
})
