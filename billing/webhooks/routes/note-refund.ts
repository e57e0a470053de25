import { appendAudit } from '#kernel/audit'
import { serviceCall } from '../../procedures/service-call.ts'
import { accountOfCustomer } from '../../stripe/customers.ts'
import { idle, type Route } from '../route.ts'

/**
 * Notes in the audit trail what was paid back on a charge, wherever it was done: Stripe's dashboard leaves no trail of
 * ours. Once per amount: `account#<id>` / `refunded#<charge>` holds what was noted.
 */
export const noteRefund: Route = async ({ billing, stripe }, chargeId, now) => {
  const { customerId, currency, refundedMinor } = await stripe.getCharge(chargeId)
  const accountId = customerId && (await accountOfCustomer(billing, customerId))
  if (!accountId) return idle('not a customer of ours')
  const key = { pk: `account#${accountId}`, sk: `refunded#${chargeId}` }
  const noted = await billing.get(key)
  const before = String(noted?.refundedMinor ?? '0')
  const after = String(refundedMinor)
  if (BigInt(after) <= BigInt(before)) return idle('the refund is noted')
  await appendAudit(billing, serviceCall(now, `refund-${chargeId}`), {
    ...{ accountId, action: 'charge.refunded' },
    before: { refundedMinor: before },
    after: { chargeId, currency, refundedMinor: after },
  })
  await billing.put({ ...key, refundedMinor: after })
  return idle('noted')
}
