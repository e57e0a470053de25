import type { billingContract, PaymentProblem, Suspension } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { type Dunning, listDunning } from '../../payments/dunning-record.ts'
import type { Collection, CollectionStripe, CouponStripe, CreditStripe } from '../../payments/ports.ts'
import { listSuspensions, type SuspensionRecord } from '../../payments/suspension.ts'
import { createStripeAdapter } from '../../stripe/adapter.ts'
import type { BillingDeps } from '../deps.ts'
import { loadAccount } from '../load-account.ts'
import { currencyOf } from './admin-account.ts'

type Port = Pick<CollectionStripe, 'getCollection'> &
  Pick<CreditStripe, 'listCredits'> &
  Pick<CouponStripe, 'listDiscounts'>

/** Payment problems with what happens when, suspensions, credit and discounts of an account. */
export const getPayments =
  (
    deps: Pick<BillingDeps, 'accounts' | 'billing' | 'plans' | 'stripe'>,
    stripe: Port = createStripeAdapter(deps.stripe),
  ): Handlers<typeof billingContract>['getPayments'] =>
  async ({ accountId }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const { account } = loaded.value
    const { customerId, subscriptionId, blocks } = account
    const [problems, suspensions, currency, granted, discounts] = await Promise.all([
      loadProblems(deps, stripe, accountId),
      listSuspensions(deps.billing, accountId),
      currencyOf(deps, account),
      customerId === null ? [] : stripe.listCredits(customerId, call.now),
      subscriptionId === null ? [] : stripe.listDiscounts(subscriptionId),
    ])
    const credits = granted.map(({ requestKey: _, ...credit }) => credit)
    const creditMinor = credits
      .filter(({ status }) => status === 'active')
      .reduce((sum, { remainingMinor }) => sum + BigInt(remainingMinor), 0n)
    return ok({
      ...{ accountId, currency, blocks, problems, credits },
      creditMinor: String(creditMinor),
      suspensions: suspensions.filter(({ liftedAt }) => liftedAt === undefined).map(presentSuspension),
      discounts: discounts.map(({ couponId: _, ...discount }) => discount),
    })
  }

/** As Stripe says now: one that was paid a moment ago is no problem any more. */
async function loadProblems(
  { billing }: Pick<BillingDeps, 'billing'>,
  stripe: Port,
  accountId: string,
): Promise<PaymentProblem[]> {
  const records = await listDunning(billing, accountId)
  const problems = await Promise.all(
    records.map(async record => presentProblem(record, await stripe.getCollection(record.invoiceId))),
  )
  return problems.flatMap(problem => problem ?? []).sort((a, b) => a.failedAt - b.failedAt)
}

const presentProblem = (record: Dunning, invoice: Collection): PaymentProblem | null =>
  invoice.status !== 'open'
    ? null
    : {
        ...{ invoiceId: record.invoiceId, number: invoice.number, currency: invoice.currency },
        remainingMinor: String(invoice.remainingMinor),
        ...{ hostedUrl: invoice.hostedUrl, needsAuthentication: invoice.needsAuthentication },
        ...{ failedAt: record.failedAt, blockAt: record.blockAt, cancelAt: record.cancelAt },
        blockedAt: record.blockedAt ?? null,
        cancelledAt: record.cancelledAt ?? null,
      }

const presentSuspension = ({ cause, reason, since, invoiceId, dispute }: SuspensionRecord): Suspension => ({
  ...{ cause, reason, since, invoiceId },
  dispute: dispute === 'won' ? null : dispute,
})
