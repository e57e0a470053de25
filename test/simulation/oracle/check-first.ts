import type { AccountFacts, StripeInvoice } from './facts.ts'
import { demand } from './violation.ts'

/** A subscription's first invoice is the fee in advance; of an upgrade it is what the customer was shown. */
export function checkFirst(
  facts: AccountFacts,
  { id, metadata }: AccountFacts['subscriptions'][number],
  invoices: readonly StripeInvoice[],
): void {
  const { planOf, segments, shown, account } = facts
  const first = invoices.filter(({ reason }) => reason === 'subscription_create')
  const planVersionId = segments.find(({ subscriptionId }) => subscriptionId === id)?.planVersionId
  if (planVersionId === undefined) {
    checkNeverUsed(id, invoices)
    return
  }
  const totalMinor = first[0]?.totalMinor
  const fair = metadata.claim
    ? shown
        .filter(one => one.accountId === account.accountId && one.planVersionId === planVersionId)
        .map(one => one.totalMinor)
    : [BigInt(planOf(planVersionId).flatFeeMinor)]
  demand(
    first.length === 1 && totalMinor !== undefined && fair.includes(totalMinor),
    () => `the first invoice of ${id} is ${totalMinor}, not ${fair.join(' or ')}`,
  )
}

/** Nothing is kept of a subscription that was never switched on. */
function checkNeverUsed(id: string, invoices: readonly StripeInvoice[]): void {
  const keptMinor = invoices.reduce((sum, one) => sum + one.paidMinor - one.creditedMinor, 0n)
  demand(keptMinor === 0n, () => `${keptMinor} were paid for ${id}, which was never switched on`)
}
