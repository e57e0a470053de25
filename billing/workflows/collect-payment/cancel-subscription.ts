import { appendAudit } from '#kernel/audit'
import type { Instant } from '#kernel/time'
import { changeDunning } from '../../payments/dunning-record.ts'
import { serviceCall } from '../../procedures/service-call.ts'
import { noticeOf, toldWith } from './announce.ts'
import { type CollectPorts, changed, detailsOf, type Looked } from './state.ts'

/**
 * Ends the account's subscription, its usage on a final invoice. The account is taken to Free by whoever follows ended
 * subscriptions; the block stays while an invoice is overdue. The subscription is named in the record before Stripe is
 * asked, because afterwards the account may not name it any more.
 */
export async function cancelSubscription(
  ports: CollectPorts,
  looked: Looked,
  now: Instant,
  requestId: string,
): Promise<void> {
  if (looked.action.kind !== 'cancel') return
  const { billing, stripe } = ports
  const { invoice } = looked
  let { record } = looked
  const { accountId, invoiceId } = record
  if (record.cancelling === undefined) {
    const cancelling = (await ports.accounts.getAccount(accountId))?.subscriptionId ?? null
    const after = { subscriptionId: cancelling, invoiceId }
    if (cancelling !== null)
      await appendAudit(billing, serviceCall(now, requestId), {
        ...{ accountId, action: 'subscription.cancelled', after },
        reason: 'an invoice was not paid',
      })
    record = changed(await changeDunning(billing, record, { cancelling }, now))
  }
  const { cancelling } = record
  if (cancelling != null) await stripe.cancelNow(cancelling)
  // Nothing to end: the subscription was over before, and nobody has to be told.
  const told = cancelling == null ? record.told : toldWith(record, invoice, 'cancelled')
  const events = cancelling == null ? [] : [noticeOf(invoice, record, 'cancelled', now)]
  const change = { ...detailsOf(invoice), cancelledAt: now, told }
  changed(await changeDunning(billing, record, change, now, events))
}
