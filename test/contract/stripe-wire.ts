import type { UsagePrice } from '#billing/contract'
import { type Instant, instant, plusMs, SECOND_MS } from '#kernel/time'
import { createStripeAdapter } from '../../billing/stripe/adapter.ts'
import { createStripe } from '../../billing/stripe/client.ts'
import { createFaults } from '../../infra/local/faults.ts'
import { type Started, startForTest } from '../../infra/local/stripe/testing/start.ts'

/** Billing's adapter on its own client, against the Stripe stand-in over HTTP; every call is noted and can be struck. */
export async function startWire(startAt: string) {
  const calls: string[] = []
  const faults = createFaults({
    clock: { now: () => local.clock.now(), at: (...given) => local.clock.at(...given) },
    journal: () => {},
    stop: () => {},
  })
  const local: Started = await startForTest(startAt, {
    faults: {
      ...faults,
      call(point, run) {
        calls.push(point.operation)
        return faults.call(point, run)
      },
    },
  })
  const client = createStripe('sk_test_local', local.url)
  return {
    ...local,
    calls,
    /** Strikes a call of an operation, e.g. `POST /v1/customers`: the next one, the `nth`, or `times` in a row. */
    strike: (operation: string, effect: object, which: { nth?: number; times?: number } = {}) =>
      faults.add({ service: 'stripe', operation, effect, ...which }),
    /** As production has it: the SDK repeats what may work the second time. */
    adapter: createStripeAdapter(async () => client),
    /** The same on an SDK that does not repeat anything. */
    impatient: createStripeAdapter(async () => local.stripe),
    now: (): Instant => instant(local.clock.now()),
  }
}
export type Wire = Awaited<ReturnType<typeof startWire>>

export const PER_UNIT: UsagePrice = { model: 'per_unit', unitPriceMinor: '0.15' }

/** What publishing version `version` of a plan makes at Stripe, and whom it can be sold to. */
export async function sell({ adapter }: Wire, planId = 'starter', version = 1, price = PER_UNIT) {
  const productId = await adapter.ensureProduct({ planId, name: 'Starter', unit: 'check' })
  const eventName = `tollgate_${planId}`
  const meterId = await adapter.ensureMeter({ eventName, displayName: 'Starter checks' })
  const planVersionId = `${planId}@${version}`
  const made = { productId, planVersionId, currency: 'usd' }
  const flatPriceId = await adapter.ensureFlatPrice({
    ...made,
    ...{ lookupKey: `tollgate_${planId}_flat`, unitAmountMinor: 2900n },
  })
  const meteredPriceId = await adapter.ensureMeteredPrice({
    ...made,
    ...{ lookupKey: `tollgate_${planId}_metered`, meterId, price },
  })
  return { productId, meterId, eventName, planVersionId, flatPriceId, meteredPriceId }
}
export type Sold = Awaited<ReturnType<typeof sell>>

const HALF_AN_HOUR_MS = 1_860 * SECOND_MS

export const checkoutOf = (wire: Wire, sold: Omit<Sold, 'productId'>, customerId: string) => ({
  ...{ accountId: 'acct_1', customerId, planVersionId: sold.planVersionId },
  ...{ flatPriceId: sold.flatPriceId, meteredPriceId: sold.meteredPriceId },
  ...{ successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/plans' },
  ...{ expiresAt: plusMs(wire.now(), HALF_AN_HOUR_MS), idempotencyKey: `checkout-${customerId}` },
})

/** Fills in the hosted page of a session. */
export const payOnPage = (url: string | null, cardNumber = '4242424242424242') =>
  fetch(url ?? '', {
    method: 'POST',
    body: new URLSearchParams({ cardNumber, cardExpiry: '12/30', cardCvc: '123', billingName: 'Ada Dev' }),
    redirect: 'manual',
  })

/** A customer who bought a plan with a card; the subscription as billing reads it. */
export async function subscribe(wire: Wire, sold: Omit<Sold, 'productId'>, cardNumber?: string) {
  const { adapter } = wire
  const customerId = await adapter.createCustomer({ accountId: 'acct_1', email: 'ada@example.com' })
  const session = await adapter.createSession(checkoutOf(wire, sold, customerId))
  await payOnPage(session.url, cardNumber)
  const { subscriptionId } = await adapter.getSession(session.id)
  return {
    customerId,
    sessionId: session.id,
    subscription: await adapter.getSubscription(subscriptionId ?? ''),
  }
}
