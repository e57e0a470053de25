import { type billingContract, formatMinor, paymentProcedures } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { type Failure, fail, ok, type Result } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { planRefund, type RefundPlan } from '../../payments/plan-refund.ts'
import type { Collection, CollectionStripe, RefundStripe } from '../../payments/ports.ts'
import { requestOnce } from '../../payments/request-once.ts'
import { createStripeAdapter } from '../../stripe/adapter.ts'
import { StripeRefused } from '../../stripe/failure.ts'
import type { BillingDeps } from '../deps.ts'
import { adminPayer, asFailure } from './admin-account.ts'

type Deps = Pick<BillingDeps, 'accounts' | 'billing' | 'plans' | 'stripe'>
type Port = Pick<CollectionStripe, 'getCollection'> & RefundStripe
type Procedures = Handlers<typeof billingContract>

/**
 * Gives money back by a credit note, never by a bare refund: the note is what makes invoice, statement and tax agree.
 * Over-refunding is refused before Stripe is asked, and by Stripe when two do it at the same moment.
 */
export const adminRefund =
  (deps: Deps, stripe: Port = createStripeAdapter(deps.stripe)): Procedures['adminRefund'] =>
  async ({ accountId, invoiceId, amountMinor, reason, idempotencyKey }, call) => {
    const payer = await adminPayer(deps, accountId, call)
    if (!payer.ok) return payer
    const found = await findInvoice(stripe, payer.value.customerId, invoiceId)
    if (!found.ok) return found
    const { currency } = found.value
    const request = {
      ...{ accountId, key: idempotencyKey, now: call.now },
      terms: { kind: 'refund', invoiceId, amountMinor: amountMinor ?? '', reason },
      result: paymentProcedures.adminRefund.output,
    }
    return requestOnce(deps.billing, request, async isRepeated => {
      const made = isRepeated ? await stripe.findCreditNote(invoiceId, idempotencyKey) : undefined
      if (made) return ok({ creditNoteId: made.id, currency, ...presentPlan(made) })
      const planned = await plan(stripe, found.value, amountMinor)
      if (!planned.ok) return planned
      const parts = presentPlan(planned.value)
      await appendAudit(deps.billing, call, {
        ...{ accountId, action: 'invoice.refunded', reason },
        after: { invoiceId, currency, ...parts },
      })
      try {
        const { amountMinor: total, refundMinor, toBalanceMinor } = planned.value
        const note = { invoiceId, refundMinor, toBalanceMinor, reason, requestKey: idempotencyKey }
        const creditNoteId = await stripe.createCreditNote({ ...note, amountMinor: total })
        return ok({ creditNoteId, currency, ...parts })
      } catch (error) {
        return asFailure(error, 'refund_refused')
      }
    })
  }

/** What `adminRefund` would do now. */
export const adminPreviewRefund =
  (deps: Deps, stripe: Port = createStripeAdapter(deps.stripe)): Procedures['adminPreviewRefund'] =>
  async ({ accountId, invoiceId, amountMinor }, call) => {
    const payer = await adminPayer(deps, accountId, call)
    if (!payer.ok) return payer
    const found = await findInvoice(stripe, payer.value.customerId, invoiceId)
    if (!found.ok) return found
    const planned = await plan(stripe, found.value, amountMinor)
    if (!planned.ok) return planned
    const { number, currency } = found.value
    return ok({ number, currency, maxMinor: String(planned.value.maxMinor), ...presentPlan(planned.value) })
  }

async function plan(
  stripe: Port,
  invoice: Collection,
  amountMinor: string | undefined,
): Promise<Result<RefundPlan>> {
  const paid =
    invoice.status === 'paid' ? await stripe.readRefundable(invoice.id) : { cardMinor: 0n, otherMinor: 0n }
  const asked = amountMinor === undefined ? undefined : BigInt(amountMinor)
  return planRefund(invoice, paid, asked, amount => formatMinor(amount, invoice.currency))
}

type Parts = Pick<RefundPlan, 'refundMinor' | 'toBalanceMinor' | 'reducedMinor'>
const presentPlan = ({ refundMinor, toBalanceMinor, reducedMinor }: Parts) => ({
  refundedMinor: String(refundMinor),
  toBalanceMinor: String(toBalanceMinor),
  reducedMinor: String(reducedMinor),
})

/** Somebody else's invoice is as absent as one that is not. */
async function findInvoice(stripe: Port, customerId: string, invoiceId: string): Promise<Result<Collection>> {
  try {
    const invoice = await stripe.getCollection(invoiceId)
    return invoice.customerId === customerId ? ok(invoice) : ABSENT
  } catch (error) {
    if (error instanceof StripeRefused && error.code === 'resource_missing') return ABSENT
    throw error
  }
}

const ABSENT: Failure = fail('invoice_not_found', 'There is no such invoice.')
