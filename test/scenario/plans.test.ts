import { LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Migration, Rehearsal } from '#billing/contract'
import { catalogueSchema } from '#billing/contract'
import { createInvoke } from '#kernel/invoke'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/time'
import catalogue from '../../billing/catalogue/catalogue.json' with { type: 'json' }
import { diffWithLive, printDifferences } from '../../billing/cli/plans.ts'
import { FUNCTIONS } from '../../infra/aws/names.ts'
import type { Tollgate } from '../../infra/launch.ts'
import { batchOf, type Customer } from '../../infra/seed/customer.ts'
import { newPayer } from '../support/payer.ts'
import { advance, billingOf, expectOk, operatorCall, startTollgate } from '../support/tollgate.ts'

let tollgate: Tollgate
let customer: Customer
let accountId: string
const reason = 'Prices for next year'

beforeAll(async () => {
  tollgate = await startTollgate('2026-03-10T09:15:27Z')
  ;({ customer, accountId } = await newPayer(tollgate))
})
afterAll(() => tollgate?.stop())

const billing = () => billingOf(tollgate)
const call = () => operatorCall(tollgate)

async function closedMonth(units: number) {
  const { segment } = expectOk(await billing().getSubscription({ accountId }, call()))
  for (let left = units; left > 0; left -= 100) await customer.call('/v1/batch', batchOf(Math.min(100, left)))
  await tollgate.clock.advanceTo(segment.end + 26 * HOUR_MS)
  const { invoices } = expectOk(await billing().listInvoices({ accountId }, call()))
  const closed = invoices.find(({ period, close }) => close !== null && period.end === segment.end)
  return expectOk(await billing().getInvoice({ accountId, invoiceId: closed?.invoiceId ?? '' }, call()))
}

/** The first 100 checks are included, then 1 cent each; the fee is 39 dollars. */
const draft = {
  name: 'Starter',
  description: 'For a product with its first customers.',
  flatFeeMinor: '3900',
  usagePrice: {
    model: 'graduated',
    tiers: [
      { upToUnits: 100, unitPriceMinor: '0', flatMinor: '0' },
      { upToUnits: null, unitPriceMinor: '1', flatMinor: '0' },
    ],
  },
  hardLimitUnits: null,
  defaultCapMinor: '10000',
  limits: { ratePerSecond: 50, burst: 500 },
}

describe('a price change', () => {
  it('is rehearsed on a month that was billed, published, and reaches the customer at the renewal, announced before', async () => {
    const first = await closedMonth(150)
    expect(first).toMatchObject({
      status: 'paid',
      close: 'equal',
      proof: { invoicedUnits: 150, holds: true },
    })
    const labels = first.lines.map(({ description }) => description)
    expect(labels.join('\n')).not.toContain('check × Starter (at $29')

    const saved = expectOk(
      await billing().adminSaveDraft({ planId: 'starter', definition: draft, revision: null }, call()),
    )
    expect(saved.draft.problems).toEqual([])
    expect(expectOk(await billing().adminDiffDraft({ planId: 'starter' }, call())).changes).toContainEqual({
      ...{ pointer: '/flatFeeMinor', label: 'Monthly fee', before: '$29.00', after: '$39.00' },
    })
    const rehearsal: Rehearsal = expectOk(
      await billing().adminRehearseDraft({ planId: 'starter', months: 1 }, call()),
    )
    expect(rehearsal).toMatchObject({
      done: true,
      accounts: 1,
      beforeMinor: '2900',
      afterMinor: '3950',
      leaveIncluded: 1,
    })

    const published = expectOk(
      await billing().adminPublishDraft(
        { planId: 'starter', revision: saved.draft.revision, reason },
        call(),
      ),
    )
    expect(published.planVersionId).toBe('starter@2')
    await advance(tollgate, MINUTE_MS)
    const { plans } = expectOk(await billing().listPlans({}, call()))
    expect(plans.find(({ id }) => id === 'starter')).toMatchObject({
      planVersionId: 'starter@2',
      flatFeeMinor: '3900',
    })
    expect(expectOk(await billing().getSubscription({ accountId }, call())).plan.planVersionId).toBe(
      'starter@1',
    )

    const migration: Migration = expectOk(
      await billing().adminStartMigration(
        { planId: 'starter', toVersionId: 'starter@2', noticeDays: 7, reason },
        call(),
      ),
    )
    expect(migration.state).toBe('running')
    await advance(tollgate, 5 * MINUTE_MS)
    const running = expectOk(await billing().adminGetMigration({ planId: 'starter' }, call()))
    expect(running.rows).toMatchObject([{ accountId, fromVersionId: 'starter@1', state: 'scheduled' }])
    const mails = await mailsTo(customer.email)
    expect(mails.filter(text => text.includes('$39.00 a month with 100 checks included'))).toHaveLength(1)

    const second = await closedMonth(120)
    expect(second).toMatchObject({ close: 'equal', proof: { invoicedUnits: 120, holds: true } })
    expect(second.statement?.lines.map(({ amountMinor }) => amountMinor)).toContain('3900')
    const now = expectOk(await billing().getSubscription({ accountId }, call()))
    expect(now).toMatchObject({ plan: { planVersionId: 'starter@2' }, segment: { start: second.period.end } })
    await advance(tollgate, 2 * HOUR_MS)
    const done = expectOk(await billing().adminGetMigration({ planId: 'starter' }, call()))
    expect(done).toMatchObject({ migration: { state: 'done' }, rows: [{ state: 'migrated' }] })
  })
})

describe('the price list', () => {
  it('compares with the file, with Stripe and with API Gateway, and an archived plan is not sold', async () => {
    const file = catalogueSchema.parse(catalogue)
    const invoke = createInvoke(FUNCTIONS.billing, new LambdaClient(tollgate.aws))
    const differences = await diffWithLive({ invoke, catalogue: file, now: () => call().now })
    expect(printDifferences(differences)).toContain('  Monthly fee: $39.00 → $29.00')

    expect(expectOk(await billing().adminCheckDrift({}, call())).drift).toEqual([])
    expect(await billing().adminArchivePlan({ planId: 'free', reason }, call())).toMatchObject({
      code: 'plan_needed',
    })
    expectOk(await billing().adminArchivePlan({ planId: 'scale', reason }, call()))
    const { plans } = expectOk(await billing().listPlans({}, call()))
    expect(plans.map(({ id }) => id)).toEqual(['free', 'starter'])
    expect(expectOk(await billing().adminCheckDrift({}, call())).drift).toEqual([])
    expectOk(await billing().adminUnarchivePlan({ planId: 'scale', reason }, call()))
    expect(expectOk(await billing().listPlans({}, call())).plans).toHaveLength(3)
    await advance(tollgate, DAY_MS)
    const listed = expectOk(await billing().adminListPlans({}, call()))
    expect(listed.checked?.drift).toEqual([])
    expect(listed.drafts).toEqual([])
  })
})

async function mailsTo(email: string): Promise<string[]> {
  const answer = await fetch(`${tollgate.urls.console}/mailbox`, { headers: { accept: 'application/json' } })
  const mails = (await answer.json()) as { to: string; text?: string; body?: string }[]
  return mails.filter(({ to }) => to === email).map(mail => JSON.stringify(mail))
}
