import type { PlanVersion } from '#billing/contract'
import { randomId } from '#kernel/ids'
import { type Instant, MINUTE_MS, plusMs } from '#kernel/time'
import type { BillingDeps } from '../procedures/deps.ts'
import { claimPlanChange, endWork, type PlanChange, readPlanChange, workKey } from '../workflows/work-item.ts'
import { linkCustomer } from './customers.ts'
import { StripeRefused, TransientError } from './failure.ts'
import type { CheckoutSessionView } from './views.ts'

/** Stripe, as buying a plan needs it. Repetitions with equal arguments give the same customer and the same session. */
export interface CheckoutStripe {
  createCustomer(of: { readonly accountId: string; readonly email: string }): Promise<string>
  createSession(request: CheckoutRequest): Promise<CheckoutSessionView>
  getSession(id: string): Promise<CheckoutSessionView>
  /** Throws `StripeRefused` when the session is not open any more. */
  expireSession(id: string): Promise<CheckoutSessionView>
}
export type CheckoutRequest = {
  readonly accountId: string
  readonly customerId: string
  readonly planVersionId: string
  readonly flatPriceId: string
  readonly meteredPriceId: string
  readonly successUrl: string
  readonly cancelUrl: string
  readonly expiresAt: Instant
  readonly idempotencyKey: string
  /** Stripe computes tax: the owner's switch (`AUTOMATIC_TAX`). Absent: it does not. */
  readonly automaticTax?: boolean
}

export type CheckoutPorts = Pick<BillingDeps, 'accounts' | 'automaticTax' | 'billing' | 'plans'> & {
  readonly stripe: CheckoutStripe
}
export type Buyer = {
  readonly accountId: string
  readonly email: string
  readonly successUrl: string
  readonly cancelUrl: string
}
export type OpenedCheckout =
  | { readonly kind: 'open'; readonly url: string }
  /** Paid, and on its way to being switched on. */
  | { readonly kind: 'switching' }
  /** Another request claimed the change at the same moment. */
  | { readonly kind: 'lost' }

/** Stripe takes 30 minutes at least, from its own now; one more for clocks and for a repeated call. */
const CHECKOUT_LIFETIME_MS = 31 * MINUTE_MS

/**
 * The account's one open session for a plan: the open one, or a new one under a new claim. The claim is written before
 * the session is made and names its idempotency key, so that whoever finds a claim without a session finishes it.
 */
export async function openCheckout(
  ports: CheckoutPorts,
  plan: PlanVersion,
  buyer: Buyer,
  now: Instant,
): Promise<OpenedCheckout> {
  const customerId = await ensureCustomer(ports, buyer)
  const change = await readPlanChange(ports.billing, buyer.accountId)
  if (change) {
    const found = await settleOpen(ports, change, customerId)
    if (found === 'switching') return { kind: 'switching' }
    if (found?.url && change.planVersionId === plan.planVersionId) return { kind: 'open', url: found.url }
    if (found && !(await expire(ports.stripe, found.id))) return { kind: 'switching' }
  }
  const claim = newClaim(plan, buyer, now)
  if (!(await claimPlanChange(ports.billing, claim, change))) return { kind: 'lost' }
  const session = await createSession(ports, claim, customerId, plan)
  if (!session.url) throw new Error(`the session ${session.id} has no URL`)
  return { kind: 'open', url: session.url }
}

/** The open session of a claim, `switching` when it was paid, undefined when there is none any more. */
async function settleOpen(
  ports: CheckoutPorts,
  change: PlanChange,
  customerId: string,
): Promise<CheckoutSessionView | 'switching' | undefined> {
  if (change.state !== 'checkout_open') return 'switching'
  const session = change.sessionId
    ? await ports.stripe.getSession(change.sessionId)
    : await finishClaim(ports, change, customerId)
  if (session?.status === 'complete') return 'switching'
  return session?.status === 'open' ? session : undefined
}

/** Repeats the creation that was cut off. Undefined when Stripe does not take it any more: then there is no session. */
async function finishClaim(ports: CheckoutPorts, change: PlanChange, customerId: string) {
  const plan = await ports.plans.getVersion(change.planVersionId)
  try {
    return plan && (await createSession(ports, change, customerId, plan))
  } catch (error) {
    if (error instanceof StripeRefused) return undefined
    throw error
  }
}

/** False when it was paid a moment ago. */
async function expire(stripe: CheckoutStripe, sessionId: string): Promise<boolean> {
  try {
    await stripe.expireSession(sessionId)
    return true
  } catch (error) {
    if (!(error instanceof StripeRefused)) throw error
    return (await stripe.getSession(sessionId)).status === 'expired'
  }
}

async function createSession(
  { automaticTax, billing, stripe }: CheckoutPorts,
  claim: PlanChange,
  customerId: string,
  plan: PlanVersion,
): Promise<CheckoutSessionView> {
  if (!plan.stripe || !claim.expiresAt) throw new Error(`${plan.planVersionId} cannot be bought`)
  const isOurs = [{ path: 'claim', equals: claim.claim }] as const
  try {
    const session = await stripe.createSession({
      ...{ accountId: claim.accountId, customerId, planVersionId: plan.planVersionId },
      ...{ flatPriceId: plan.stripe.flatPriceId, meteredPriceId: plan.stripe.meteredPriceId },
      ...{ successUrl: claim.successUrl, cancelUrl: claim.cancelUrl, expiresAt: claim.expiresAt },
      idempotencyKey: `checkout-${claim.claim}`,
      ...(automaticTax && { automaticTax }),
    })
    const changes = [
      { set: 'sessionId', to: session.id },
      { set: 'sessionUrl', to: session.url },
    ]
    await billing.update(workKey('change-plan', claim.accountId), changes, isOurs)
    return session
  } catch (error) {
    // Refused: there is no session, so nothing is claimed.
    if (error instanceof StripeRefused) await endWork(billing, 'change-plan', claim.accountId, isOurs)
    throw error
  }
}

/** Made once per account; the pointer back is written before the account names the customer. */
async function ensureCustomer(
  { accounts, billing, stripe }: CheckoutPorts,
  { accountId, email }: Buyer,
): Promise<string> {
  const account = await accounts.getAccount(accountId)
  if (!account) throw new Error(`billing does not know the account ${accountId}`)
  if (account.customerId !== null) return account.customerId
  const customerId = await stripe.createCustomer({ accountId, email })
  await linkCustomer(billing, customerId, accountId)
  if (await accounts.changeAccount(account, { customerId })) return customerId
  const changed = await accounts.getAccount(accountId)
  if (changed?.customerId) return changed.customerId
  throw new TransientError(`the account ${accountId} was changed meanwhile`)
}

const newClaim = (plan: PlanVersion, buyer: Buyer, now: Instant): PlanChange => ({
  ...{ state: 'checkout_open', attempt: 0, owner: null, since: now },
  ...{ accountId: buyer.accountId, planId: plan.id, planVersionId: plan.planVersionId },
  ...{ successUrl: buyer.successUrl, cancelUrl: buyer.cancelUrl },
  claim: randomId('claim'),
  expiresAt: plusMs(now, CHECKOUT_LIFETIME_MS),
  ...{ sessionId: null, sessionUrl: null, subscriptionId: null },
})
