import { beforeEach, describe, expect, test } from 'vitest'
import type { Collection } from '../payments/ports.ts'
import type { InvoiceView } from '../stripe/views.ts'
import { createFakeStripe } from '../workflows/testing/fake-stripe.ts'
import * as given from '../workflows/testing/fixtures.ts'
import { holdWork, readPlanChange, readWorkItem } from '../workflows/work-item.ts'
import type { StarterPorts } from './route.ts'
import { whyNotClosed } from './routes/close-draft.ts'
import { whyNotLifted } from './routes/lift-default-cap.ts'
import { startWorkflow } from './start-workflow.ts'

const METERED = new Set(['price_metered'])

describe('routing', () => {
  const draft = given.cycleInvoice()
  const other = { billingReason: 'subscription_update' }
  test.each<[string, InvoiceView, string | null]>([
    ['a draft of a cycle', draft, null],
    ['one whose usage lines were left out', { ...draft, lines: [given.flatLine] }, null],
    ['a draft of another reason with usage', { ...draft, ...other }, null],
    ['a draft of another reason without', { ...draft, ...other, lines: [given.flatLine] }, 'bills no usage'],
    ['the first invoice', { ...draft, billingReason: 'subscription_create' }, 'bills no usage'],
    ['an invoice without subscription', { ...draft, subscriptionId: null }, 'bills no usage'],
    ['one that is open already', { ...draft, status: 'open' }, 'is open'],
  ])('draft: %s', (_, invoice, because) => {
    expect(whyNotClosed(invoice, METERED)).toBe(because && `the invoice ${because}`)
  })

  test('the first paid invoice with usage is noted, the one before it and the ones after it are not', () => {
    const paid = given.cycleInvoice({ status: 'paid' })
    expect(whyNotLifted(paid, {}, METERED)).toBeNull()
    expect(whyNotLifted({ ...paid, billingReason: 'subscription_create' }, {}, METERED)).not.toBeNull()
    expect(whyNotLifted(paid, { usageInvoicePaidAt: given.PERIOD.end }, METERED)).not.toBeNull()
  })
})

const unused = async (): Promise<never> => {
  throw new Error('no notification here asks for this')
}
const notAsked = { getDispute: unused, getCharge: unused, getMeterErrors: unused, getSchedule: unused }

describe('starting', () => {
  const now = given.PERIOD.end
  let billing: given.TestBilling
  let executions: ReturnType<typeof given.createFakeExecutions>
  let ports: StarterPorts
  let stripe: ReturnType<typeof createFakeStripe>
  const notify = (type: string, objectId: string) => startWorkflow(ports, { type, objectId }, now)

  const collectionOf = async (id: string): Promise<Collection> => {
    const { status, customerId, subscriptionId, billingReason, number, currency, totalMinor, hostedUrl } =
      await stripe.getInvoice(id)
    return {
      ...{ id, status, customerId, subscriptionId, billingReason, number, currency, totalMinor, hostedUrl },
      ...{ creditedMinor: 0n, needsAuthentication: false },
      remainingMinor: status === 'open' ? totalMinor : 0n,
      attempted: status !== 'draft',
    }
  }

  beforeEach(async () => {
    billing = await given.createBilling()
    executions = given.createFakeExecutions()
    stripe = createFakeStripe(() => now)
    stripe.invoices.set('in_1', given.cycleInvoice())
    stripe.subscriptions.set('sub_1', given.subscription())
    const done = { status: 'complete', url: null } as const
    const session = { id: 'cs_1', ...done, subscriptionId: 'sub_1', accountId: given.ACCOUNT }
    ports = {
      ...billing,
      stripe: { ...stripe, ...notAsked, getSession: async () => session, getCollection: collectionOf },
      executions,
      machines: { closeInvoice: 'close', collectPayment: 'collect', changePlan: 'change' },
    }
  })

  test('a duplicate of a notification starts nothing, while the execution runs and after it', async () => {
    await given.subscribe(billing)
    await notify('invoice.created', 'in_1')
    await notify('invoice.created', 'in_1')
    executions.statuses.set('close-invoice-in_1-1', 'succeeded')
    await notify('invoice.created', 'in_1')
    const input = { accountId: given.ACCOUNT, invoiceId: 'in_1', attempt: 1 }
    expect(executions.started).toEqual([{ name: 'close-invoice-in_1-1', input }])
  })

  test('a failed execution is taken over by the next attempt', async () => {
    await given.subscribe(billing)
    await notify('invoice.created', 'in_1')
    executions.statuses.set('close-invoice-in_1-1', 'failed')
    await notify('invoice.created', 'in_1')
    expect(executions.started.map(({ name }) => name)).toEqual([
      'close-invoice-in_1-1',
      'close-invoice-in_1-2',
    ])
    expect(await readWorkItem(billing.billing, 'close-invoice', 'in_1')).toMatchObject({ attempt: 2 })
  })

  test('a start that was cut off after the claim is finished under the same name', async () => {
    await given.subscribe(billing)
    const { start } = executions
    executions.start = () => Promise.reject(new Error('cut off'))
    await expect(notify('invoice.created', 'in_1')).rejects.toThrow('cut off')
    executions.start = start
    expect(await notify('invoice.created', 'in_1')).toEqual([{ started: 'close-invoice-in_1-1' }])
  })

  test('a held close is not taken over', async () => {
    await given.subscribe(billing)
    await notify('invoice.created', 'in_1')
    executions.statuses.set('close-invoice-in_1-1', 'failed')
    await holdWork(billing.billing, 'close-invoice', 'in_1')
    expect(await notify('invoice.created', 'in_1')).toMatchObject([{ started: null }])
  })

  test('session and subscription events of one purchase start one change', async () => {
    await billing.accounts.addAccount({
      ...{ accountId: given.ACCOUNT, openedAt: now, customerId: 'cus_1', subscriptionId: null },
      ...{ planVersionId: 'free@1', entitlementVersion: 1, blocks: [] },
    })
    await notify('customer.subscription.created', 'sub_1')
    await notify('checkout.session.completed', 'cs_1')
    await notify('customer.subscription.updated', 'sub_1')
    expect(executions.started.map(({ name }) => name)).toEqual(['change-plan-sub_1-1'])
    const change = await readPlanChange(billing.billing, given.ACCOUNT)
    expect(change).toMatchObject({ state: 'switching', planId: 'starter', subscriptionId: 'sub_1' })
  })

  test('the end of a subscription whose execution failed is taken over, although the account has left it', async () => {
    await given.subscribe(billing)
    stripe.subscriptions.set('sub_1', given.subscription({ status: 'canceled', endedAt: now }))
    await notify('customer.subscription.deleted', 'sub_1')
    const account = await billing.accounts.getAccount(given.ACCOUNT)
    if (account)
      await billing.accounts.changeAccount(account, { subscriptionId: null, planVersionId: 'free@1' })
    executions.statuses.set('change-plan-sub_1-ended-1', 'failed')
    await notify('customer.subscription.deleted', 'sub_1')
    expect(executions.started.map(({ name }) => name)).toEqual([
      'change-plan-sub_1-ended-1',
      'change-plan-sub_1-ended-2',
    ])
  })

  test('a paid usage invoice lifts the default cap once, and access is told', async () => {
    await given.subscribe(billing)
    stripe.change('in_1', { status: 'paid' })
    await notify('invoice.paid', 'in_1')
    expect(await billing.accounts.getAccount(given.ACCOUNT)).toMatchObject({ usageInvoicePaidAt: now })
    expect(await billing.billing.query({ pk: 'entitle-due' })).toHaveLength(1)
  })

  test('an event of no interest asks Stripe nothing', async () => {
    expect(await notify('customer.updated', 'cus_none')).toEqual([])
  })
})
