import type { PlanVersion } from '#billing/contract'
import { randomId } from '#kernel/ids'
import { type Failure, fail } from '#kernel/result'
import { HOUR_MS, type Instant, instant, MINUTE_MS, plusMs } from '#kernel/time'
import type { CouponStripe } from '../payments/ports.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { StripeRefused } from '../stripe/failure.ts'
import type { SubscriptionStripe } from '../stripe/ports.ts'
import type { SubscriptionView } from '../stripe/views.ts'
import { claimPlanChange, endWork, type PlanChange, workKey } from '../workflows/work-item.ts'
import { couponTerms } from './carry-discounts.ts'
import { markChanging } from './changing.ts'
import type { ChangeStripe } from './ports.ts'
import { creditName, type PreviewFacts } from './preview.ts'

export type UpgradePorts = Pick<BillingDeps, 'accounts' | 'automaticTax' | 'billing' | 'plans'> & {
  readonly stripe: SubscriptionStripe & ChangeStripe & Pick<CouponStripe, 'ensureCoupon'>
}
export type Upgrading =
  | { readonly state: 'switching' }
  | { readonly state: 'confirm'; readonly url: string; readonly expiresAt: Instant }
  | Failure

/** Stripe ends an unpaid first invoice, and its subscription, after 23 hours. */
const OPEN_MS = 23 * HOUR_MS
/** The plan that is left must not be renewed, and paid for again, while its successor waits for a payment. */
const BEFORE_RENEWAL_MS = 30 * MINUTE_MS

/**
 * Claims the account's one open change and makes the new subscription. Nothing else changes before its first invoice is
 * paid. The claim is written before anything is made at Stripe and names every idempotency key, so that whoever finds it
 * goes on with the same subscription.
 */
export async function beginUpgrade(
  ports: UpgradePorts,
  facts: PreviewFacts,
  creditMinor: string,
): Promise<Upgrading> {
  const { account, segment, current, target, now } = facts
  const expiresAt = Math.min(plusMs(now, OPEN_MS), plusMs(segment.end, -BEFORE_RENEWAL_MS))
  const claim: PlanChange = {
    ...{ kind: 'upgrade', state: 'paying', attempt: 0, owner: null, since: now },
    ...{ accountId: account.accountId, planId: target.id, planVersionId: target.planVersionId },
    ...{ claim: randomId('claim'), successUrl: '', cancelUrl: '', expiresAt: instant(expiresAt) },
    ...{ subscriptionId: null, creditMinor, payUrl: null, customerId: account.customerId },
    discounts: [...facts.discounts],
  }
  await markChanging(ports.billing, account.accountId)
  const replaces = facts.open?.state === 'checkout_open' ? facts.open : undefined
  if (facts.open?.state === 'paying' && !(await dropUpgrade(ports, facts.open))) return { state: 'switching' }
  if (!(await claimPlanChange(ports.billing, claim, replaces))) return LOST
  return goOnWithUpgrade(ports, claim, current, now)
}

const LOST = fail(
  'plan_change_refused',
  'Another click was faster. Load the plan page again to see what it did.',
)

/** Makes what is missing of a claimed upgrade and tries the saved card. `current`: the plan that is left. */
export async function goOnWithUpgrade(
  ports: UpgradePorts,
  change: PlanChange,
  current: PlanVersion,
  now: Instant,
): Promise<Upgrading> {
  const { stripe, billing } = ports
  const subscription = change.subscriptionId
    ? await stripe.getSubscription(change.subscriptionId)
    : await makeSubscription(ports, change, current)
  if ('ok' in subscription) return subscription
  if (subscription.status === 'active') return { state: 'switching' }
  if (subscription.status !== 'incomplete' || !subscription.latestInvoiceId) {
    await endWork(billing, 'change-plan', change.accountId, [{ path: 'claim', equals: change.claim }])
    return fail(
      'plan_change_refused',
      'This change has expired unpaid. Nothing was changed; choose the plan again.',
    )
  }
  const payment = await stripe.payInvoice(subscription.latestInvoiceId)
  if (payment.kind === 'paid') return { state: 'switching' }
  if (payment.kind === 'declined') {
    await dropUpgrade(ports, { ...change, subscriptionId: subscription.id })
    return fail('payment_declined', `${payment.reason} Nothing was changed.`)
  }
  const changes = [{ set: 'payUrl', to: payment.url }]
  await billing.update(workKey('change-plan', change.accountId), changes, isStill(change))
  return { state: 'confirm', url: payment.url, expiresAt: change.expiresAt ?? plusMs(now, OPEN_MS) }
}

/** Ends an upgrade that is not paid. False when it was paid meanwhile: then it is switched on. */
export async function dropUpgrade(
  { billing, stripe }: Pick<UpgradePorts, 'billing'> & { readonly stripe: SubscriptionStripe & ChangeStripe },
  change: PlanChange,
): Promise<boolean> {
  const made = await findSubscription(stripe, change)
  if (made?.status === 'active') return false
  if (made?.status === 'incomplete') await stripe.cancelUnused(made.id)
  await endWork(billing, 'change-plan', change.accountId, isStill(change))
  return true
}

/** By its claim, where a crash left it unnamed. */
async function findSubscription(
  stripe: SubscriptionStripe & ChangeStripe,
  { subscriptionId, claim, customerId }: PlanChange,
): Promise<SubscriptionView | undefined> {
  if (subscriptionId) return stripe.getSubscription(subscriptionId)
  if (!customerId) return undefined
  return (await stripe.listSubscriptions({ customerId })).find(one => one.claim === claim)
}

async function makeSubscription(
  { accounts, automaticTax, billing, plans, stripe }: UpgradePorts,
  change: PlanChange,
  current: PlanVersion,
): Promise<SubscriptionView | Failure> {
  const [account, plan] = await Promise.all([
    accounts.getAccount(change.accountId),
    plans.getVersion(change.planVersionId),
  ])
  if (!account?.customerId || !account.subscriptionId || !plan?.stripe)
    throw new Error(`${change.accountId} cannot be upgraded to ${change.planVersionId}`)
  const { paymentMethodId } = await stripe.getSubscription(account.subscriptionId)
  const credit = BigInt(change.creditMinor ?? '0')
  const couponIds = credit > 0n ? [`credit-${change.claim}`] : []
  try {
    for (const couponId of couponIds)
      await stripe.ensureCredit({
        ...{ couponId, amountMinor: credit, currency: plan.currency, name: creditName(current) },
      })
    for (const discount of change.discounts ?? []) {
      const terms = couponTerms(discount, change.claim, plan.currency)
      await stripe.ensureCoupon(terms)
      couponIds.push(terms.id)
    }
    const { flatPriceId, meteredPriceId } = plan.stripe
    const made = await stripe.createSubscription({
      ...{ accountId: change.accountId, customerId: account.customerId, planVersionId: plan.planVersionId },
      ...{ flatPriceId, meteredPriceId, paymentMethodId, couponIds, claim: change.claim },
      ...(automaticTax && { automaticTax }),
    })
    const changes = [{ set: 'subscriptionId', to: made.id }]
    await billing.update(workKey('change-plan', change.accountId), changes, isStill(change))
    return made
  } catch (error) {
    // Refused: there is no subscription, so nothing is claimed.
    if (!(error instanceof StripeRefused)) throw error
    await endWork(billing, 'change-plan', change.accountId, isStill(change))
    return fail(
      'plan_change_refused',
      'Stripe did not take the change. Nothing was changed; write to support.',
    )
  }
}

const isStill = ({ claim }: PlanChange) => [{ path: 'claim', equals: claim }] as const
