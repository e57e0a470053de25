import type { Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import { isFailing } from '../payments/dunning.ts'
import { type Collecting, getDunning, readCollecting, unlistCollecting } from '../payments/dunning-record.ts'
import type { Collection, CollectionStripe } from '../payments/ports.ts'
import { type CollectStarter, startCollecting } from '../payments/start-collecting.ts'
import { accountOfCustomer } from '../stripe/customers.ts'
import type { SubscriptionStripe } from '../stripe/ports.ts'

export type SweepPaymentsDeps = CollectStarter & {
  readonly billing: Table
  readonly stripe: Pick<CollectionStripe, 'getCollection' | 'listUnpaid'> &
    Pick<SubscriptionStripe, 'getSubscription'>
}
export type SweptPayments = { readonly started: readonly string[]; readonly problems: readonly string[] }

/**
 * Every hour: what lost webhooks and failed executions left. Each invoice that is being collected is looked at; one that
 * was settled is woken, one whose execution failed is taken over. Then Stripe is asked for unpaid invoices that nobody
 * collects.
 */
export async function sweepPayments(deps: SweepPaymentsDeps, now: Instant): Promise<SweptPayments> {
  const started: string[] = []
  const problems: string[] = []
  const attempt = async (what: string, run: () => Promise<string | null>) => {
    try {
      const name = await run()
      if (name !== null) started.push(name)
    } catch (error) {
      problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const collecting = await readCollecting(deps.billing)
  for (const one of collecting) await attempt(one.invoiceId, () => followUp(deps, one, now))
  const known = new Set(collecting.map(({ invoiceId }) => invoiceId))
  await attempt('unpaid invoices', async () => {
    for (const invoice of await deps.stripe.listUnpaid())
      if (!known.has(invoice.id)) await attempt(invoice.id, () => begin(deps, invoice, now))
    return null
  })
  return { started, problems }
}

async function begin(deps: SweepPaymentsDeps, invoice: Collection, now: Instant): Promise<string | null> {
  const accountId = await accountOfCustomer(deps.billing, invoice.customerId)
  if (accountId === undefined || !(await isFailing(deps.stripe, invoice))) return null
  return (await startCollecting(deps, { accountId, invoiceId: invoice.id }, now)).started
}

async function followUp(deps: SweepPaymentsDeps, one: Collecting, now: Instant): Promise<string | null> {
  const record = await getDunning(deps.billing, one)
  const { status } = await deps.stripe.getCollection(one.invoiceId)
  if (record?.finishedAt !== undefined || (!record && status !== 'open')) {
    await unlistCollecting(deps.billing, one.invoiceId)
    return null
  }
  return (await startCollecting(deps, one, now, { wake: status !== 'open' })).started
}
