import { describe, expect, test } from 'vitest'
import { readAudit } from '#kernel/audit'
import { getInvoiceRecord } from '../../stripe/invoice-record.ts'
import * as given from '../testing/fixtures.ts'
import { readWorkItem } from '../work-item.ts'
import { heldCloses, readHistory } from './close-log.ts'
import { Crash, createCrasher } from './testing/crash-at.ts'
import { type CloseWorld, createCloseWorld } from './testing/run-close.ts'

const INCLUDED = given.line({ id: 'il_included', quantity: 20_000, amountMinor: 0n })
const further = (quantity: number, amountMinor: bigint) =>
  given.line({ id: 'il_further', quantity, amountMinor })
const EQUAL = [given.flatLine, INCLUDED, further(5_007, 751n)]
const TOO_MUCH = [given.flatLine, INCLUDED, further(6_000, 900n)]
const TOO_LITTLE = [given.flatLine, INCLUDED, further(5_000, 750n)]
/** The units are right and the price is not: nobody can tell whose fault that is. */
const WRONG = [given.flatLine, INCLUDED, further(5_007, 851n)]

/** What must be the same however often the run was cut off. */
async function stateOf({ world, stripe }: CloseWorld) {
  const record = await getInvoiceRecord(world.billing, given.ACCOUNT, 'in_1')
  const [segment] = await world.accounts.listSegments(given.ACCOUNT)
  return {
    close: record?.close,
    proof: record?.proof,
    files: record?.proofFiles,
    segment: segment && [segment.invoicedUnits, segment.waivedUnits, segment.closedAt !== null],
    credited: [...stripe.creditNotes.values()].map(({ amountMinor }) => amountMinor),
    collected: stripe.calls.filter(call => call === 'collect').length > 0,
    reported: stripe.received.reduce((sum, { units }) => sum + units, 0),
    objects: [...world.objects.objects.keys()].sort(),
    events: new Set(world.events.map(({ id }) => id)).size,
  }
}

async function confirm(close: CloseWorld, repair: Parameters<CloseWorld['repair']>[0], input: object = {}) {
  const preview = await close.repair(repair, input)
  if (!preview.ok) return preview
  const { planId } = preview.value.plan
  return close.repair(repair, { ...input, planId, reason: 'looked at both sides' })
}

describe('a close of its own accord', () => {
  test.each([
    ['equal', EQUAL, { close: 'equal', credited: [], segment: [25_007, 0, true] }],
    ['too little', TOO_LITTLE, { close: 'carried_over', credited: [], segment: [25_000, 0, true] }],
    ['too much', TOO_MUCH, { close: 'credited', credited: ['149'], segment: [25_007, 0, true] }],
  ])('%s: ends collected, with what Stripe billed too much credited before', async (_, lines, expected) => {
    const close = await createCloseWorld(lines)
    await close.sweep()
    expect(await stateOf(close)).toMatchObject({ ...expected, collected: true, reported: 25_007 })
    const { calls } = close.stripe
    if (expected.credited.length > 0) expect(calls.indexOf('credit')).toBeLessThan(calls.indexOf('collect'))
  })

  test('what differs otherwise is held with both sides’ lines, and nothing is collected', async () => {
    const close = await createCloseWorld(WRONG)
    await close.sweep()
    const record = await getInvoiceRecord(close.world.billing, given.ACCOUNT, 'in_1')
    expect(record?.compared?.filter(({ equal }) => !equal)).toMatchObject([
      { stripe: { quantity: 5_007, amountMinor: '851' }, ours: null },
      { stripe: null, ours: { quantity: 5_007, amountMinor: '751' } },
    ])
    expect(record?.reason).toContain("lines are not the plan's")
    expect(close.stripe.calls).not.toContain('collect')
    expect(await heldCloses(close.world.billing)).toHaveLength(1)
    await close.sweep()
    expect(close.executions.started).toHaveLength(1)
  })
})

describe('a repair of a held close', () => {
  test('credit: our statement stands, the difference is credited, then Stripe collects', async () => {
    const close = await createCloseWorld(WRONG)
    await close.sweep()
    const preview = await close.repair('credit')
    expect(preview).toMatchObject({ value: { applied: false, plan: { creditMinor: '100', carryUnits: 0 } } })
    expect(close.stripe.calls).not.toContain('credit')
    expect(await confirm(close, 'credit')).toMatchObject({ value: { applied: true } })
    expect(await stateOf(close)).toMatchObject({ close: 'credited', credited: ['100'], collected: true })
    const [record] = await readAudit(close.world.billing, { accountId: given.ACCOUNT }, given.NEXT.start)
    expect(record).toMatchObject({ action: 'close.credited', reason: 'looked at both sides' })
  })

  test('accept: Stripe’s invoice stands, and the difference in units is carried over', async () => {
    const close = await createCloseWorld([given.flatLine, INCLUDED, further(6_000, 700n)])
    await close.sweep()
    expect(await close.repair('accept')).toMatchObject({ value: { plan: { carryUnits: -993 } } })
    await confirm(close, 'accept')
    expect(await stateOf(close)).toMatchObject({ close: 'accepted', credited: [], collected: true })
    expect((await stateOf(close)).segment?.slice(0, 2)).toEqual([26_000, 0])
  })

  test('waive: so many units are never billed', async () => {
    const close = await createCloseWorld([given.flatLine, INCLUDED, further(5_000, 999n)])
    await close.sweep()
    await confirm(close, 'waive', { units: 7 })
    expect(await readWorkItem(close.world.billing, 'close-invoice', 'in_1')).toMatchObject({ state: 'held' })
    close.stripe.change('in_1', { lines: TOO_LITTLE })
    await confirm(close, 'retry')
    const state = await stateOf(close)
    expect(state).toMatchObject({ close: 'equal', proof: { waivedUnits: 7, invoicedUnits: 25_000 } })
    expect(state.segment?.slice(0, 2)).toEqual([25_000, 7])
  })

  test('retry: usage is measured anew and the close goes on with the next attempt', async () => {
    const close = await createCloseWorld(WRONG)
    await close.sweep()
    close.stripe.change('in_1', { lines: EQUAL })
    expect(await confirm(close, 'retry')).toMatchObject({ value: { started: 'close-invoice-in_1-2' } })
    expect(await stateOf(close)).toMatchObject({ close: 'equal', collected: true })
    const history = await readHistory(close.world.billing, 'in_1')
    expect(history.map(({ attempt, step }) => `${attempt} ${step}`)).toContain('1 fail')
    expect(history.at(-1)).toMatchObject({ attempt: 2, outcome: 'proved' })
  })

  test.each([
    ['a plan that is not the one that was shown', { planId: 'repair_x', reason: 'because' }, 'close_changed'],
    ['a decision without a reason', { planId: 'any' }, 'invalid_request'],
  ])('%s is refused, and nothing has happened', async (_, input, code) => {
    const close = await createCloseWorld(WRONG)
    await close.sweep()
    expect(await close.repair('credit', input)).toMatchObject({ ok: false, code })
    expect(close.stripe.calls).not.toContain('credit')
  })

  test('where there is nothing to repair, or nothing that this could repair, it says so', async () => {
    const close = await createCloseWorld([given.flatLine, INCLUDED, further(5_007, 700n)])
    expect(await close.repair('retry')).toMatchObject({ code: 'close_not_found' })
    await close.sweep()
    expect(await close.repair('credit')).toMatchObject({ code: 'repair_not_possible' })
    expect(await close.repair('waive')).toMatchObject({ code: 'repair_not_possible' })
    await confirm(close, 'accept')
    expect(await close.repair('accept')).toMatchObject({ code: 'close_not_held' })
  })
})

// Each tries every effect of the story: a hundred closes in a second or two, more on a machine that is busy.
describe('cut off at any effect, before or after it', () => {
  const stories: readonly (readonly [string, typeof EQUAL, 'credit' | 'accept' | 'retry' | null])[] = [
    ['an equal close', EQUAL, null],
    ['a close that credits', TOO_MUCH, null],
    ['a repair by credit', WRONG, 'credit'],
    ['a repair by acceptance', WRONG, 'accept'],
    ['a repair by retry of what is right by now', WRONG, 'retry'],
  ]
  const cases = stories.flatMap(story =>
    (['before', 'after'] as const).map(when => [...story, when] as const),
  )
  test.each(cases)(
    '%s comes to the same end once the sweep has run',
    { timeout: 30_000 },
    async (_, lines, repair, when) => {
      const run = async (close: CloseWorld) => {
        const survive = async (work: () => Promise<unknown>) => {
          try {
            await work()
          } catch (error) {
            if (!(error instanceof Crash)) throw error
          }
        }
        // A sweep names what failed in it as a problem; the next one goes on.
        for (let sweeps = 0; sweeps < 2; sweeps++) await survive(close.sweep)
        if (repair === null) return stateOf(close)
        if (repair === 'retry') close.stripe.change('in_1', { lines: EQUAL })
        for (let clicks = 0; clicks < 2; clicks++) await survive(() => confirm(close, repair))
        for (let sweeps = 0; sweeps < 2; sweeps++) await survive(close.sweep)
        return stateOf(close)
      }
      const counter = createCrasher(0, 'before')
      const expected = await run(await createCloseWorld(lines, counter))
      expect(expected.collected).toBe(true)
      expect(counter.effects).toBeGreaterThan(20)
      for (let effect = 1; effect <= counter.effects; effect++) {
        const close = await createCloseWorld(lines, createCrasher(effect, when))
        expect(await run(close), `${when} effect ${effect}`).toEqual(expected)
      }
    },
  )
})
