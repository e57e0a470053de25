import { type PlanVersion, rate } from '#billing/contract'
import { contains, fromUnixSeconds, type Instant, type Period, toUnixSeconds } from '#kernel/time'
import type { CouponStripe } from '../../payments/ports.ts'
import { StripeRefused } from '../../stripe/failure.ts'
import type { InvoiceLine, InvoiceView, ScheduleView, SubscriptionView } from '../../stripe/views.ts'
import { createFakeStripe } from '../../workflows/testing/fake-stripe.ts'
import * as given from '../../workflows/testing/fixtures.ts'
import { aMonthAfter } from '../a-month-after.ts'
import type { ChangeStripe, Payment } from '../ports.ts'

/**
 * Stripe's subscriptions as plan changes meet them: first invoices, schedules, cancellations, renewals, refunds, each
 * plan with its own meter. `renew` does what Stripe does at the end of a period.
 */
export function createFakeChangeStripe(now: () => Instant, plans: readonly PlanVersion[]) {
  const base = createFakeStripe(now)
  const { subscriptions, invoices, received } = base
  const credits = new Map<string, bigint>()
  const discounts = new Map<string, bigint>()
  type Running = Awaited<ReturnType<CouponStripe['listDiscounts']>>
  const coupons = new Map<string, Running[number]>()
  /** Discounts of subscriptions, of whole percents. */
  const running = new Map<string, Running>()
  const schedules = new Map<string, { subscriptionId: string; planVersionId: string; priceIds: string[] }>()
  const byClaim = new Map<string, string>()
  const refunded = new Set<string>()
  const card: { answer: 'paid' | 'confirm' | 'declined' } = { answer: 'paid' }
  const second = () => fromUnixSeconds(toUnixSeconds(now()))

  const need = (id: string): SubscriptionView => {
    const found = subscriptions.get(id)
    if (!found) throw new StripeRefused(`No such subscription: '${id}'`, 'resource_missing')
    return found
  }
  const set = (id: string, change: Partial<SubscriptionView>): SubscriptionView => {
    const changed = { ...need(id), ...change }
    subscriptions.set(id, changed)
    return changed
  }
  const planOf = ({ priceIds }: Pick<SubscriptionView, 'priceIds'>): PlanVersion => {
    const plan = plans.find(({ stripe }) => stripe && priceIds.includes(stripe.meteredPriceId))
    if (!plan) throw new Error(`no plan has the prices ${priceIds}`)
    return plan
  }
  const unitsIn = ({ stripe }: PlanVersion, period: Period): number =>
    received
      .filter(({ eventName, stampAt }) => eventName === stripe?.meterEventName && contains(period, stampAt))
      .reduce((sum, { units }) => sum + units, 0)
  const addInvoice = (of: SubscriptionView, change: Partial<InvoiceView>): InvoiceView => {
    const id = `in_${invoices.size + 1}`
    const invoice = given.cycleInvoice({
      ...{ id, subscriptionId: of.id, customerId: of.customerId, createdAt: second() },
      ...change,
    })
    invoices.set(id, invoice)
    set(of.id, { latestInvoiceId: id })
    return invoice
  }
  const flatLine = ({ stripe, flatFeeMinor }: PlanVersion, period: Period): InvoiceLine =>
    given.line({
      ...{ priceId: stripe?.flatPriceId ?? '', quantity: 1, amountMinor: BigInt(flatFeeMinor), period },
    })
  /** As when the invoice is finalized: the meter as it is then. */
  const meteredLines = (plan: PlanVersion, period: Period): InvoiceLine[] =>
    rate(plan.usagePrice, unitsIn(plan, period)).map(({ quantityUnits, amountMinor }) =>
      given.line({
        ...{ priceId: plan.stripe?.meteredPriceId ?? '', quantity: quantityUnits },
        amountMinor,
        period,
      }),
    )

  const stripe: ChangeStripe & Pick<CouponStripe, 'ensureCoupon' | 'listDiscounts'> = {
    listDiscounts: async subscriptionId => running.get(subscriptionId) ?? [],
    async ensureCoupon({ id, name, percentOff, amountOffMinor, duration, months }) {
      const off = { percentOff, amountOffMinor: amountOffMinor === null ? null : String(amountOffMinor) }
      coupons.set(id, { discountId: `di_${id}`, couponId: id, name, ...off, duration, months, endsAt: null })
    },
    async ensureCredit({ couponId, amountMinor }) {
      credits.set(couponId, credits.get(couponId) ?? amountMinor)
    },
    async createSubscription(request) {
      const known = byClaim.get(request.claim)
      if (known) return need(known)
      const plan = planOf({ priceIds: [request.flatPriceId, request.meteredPriceId] })
      const id = `sub_${subscriptions.size + 1}`
      byClaim.set(request.claim, id)
      const start = second()
      const view = given.subscription({
        ...{ id, status: 'incomplete', customerId: request.customerId, accountId: request.accountId },
        ...{ planVersionId: request.planVersionId, priceIds: [request.flatPriceId, request.meteredPriceId] },
        ...{ currentPeriod: { start, end: aMonthAfter(start) }, claim: request.claim },
        paymentMethodId: request.paymentMethodId,
      })
      subscriptions.set(id, view)
      const credit = request.couponIds.reduce((sum, couponId) => sum + (credits.get(couponId) ?? 0n), 0n)
      const carried = request.couponIds.flatMap(couponId => coupons.get(couponId) ?? [])
      running.set(id, carried)
      const totalMinor = carried.reduce(
        (left, { percentOff }) => left - (left * BigInt(percentOff ?? 0)) / 100n,
        BigInt(plan.flatFeeMinor) - credit,
      )
      const invoice = addInvoice(view, {
        ...{ billingReason: 'subscription_create', status: 'open', hostedUrl: `https://pay/${id}` },
        ...{ lines: [flatLine(plan, view.currentPeriod)], totalMinor },
      })
      discounts.set(invoice.id, credit)
      return need(id)
    },
    async payInvoice(id): Promise<Payment> {
      const invoice = invoices.get(id)
      if (invoice?.status === 'paid') return { kind: 'paid' }
      if (card.answer === 'confirm') return { kind: 'confirm', url: `https://pay/${id}` }
      if (card.answer === 'declined') return { kind: 'declined', reason: 'Your card was declined.' }
      base.change(id, { status: 'paid' })
      set(invoice?.subscriptionId ?? '', { status: 'active' })
      return { kind: 'paid' }
    },
    async getSchedule(id): Promise<ScheduleView> {
      const found = schedules.get(id)
      const { currentPeriod, priceIds } = need(found?.subscriptionId ?? '')
      const running = { ...currentPeriod, priceIds, planVersionId: null }
      const coming = { start: currentPeriod.end, end: aMonthAfter(currentPeriod.end) }
      return {
        ...{ id, status: 'active', subscriptionId: found?.subscriptionId ?? null },
        currentStart: currentPeriod.start,
        phases: found ? [running, { ...coming, ...found }] : [running],
      }
    },
    async changeAtPeriodEnd(subscriptionId, { planVersionId, flatPriceId, meteredPriceId }) {
      const scheduleId = `sub_sched_${subscriptionId}`
      schedules.set(scheduleId, { subscriptionId, planVersionId, priceIds: [flatPriceId, meteredPriceId] })
      set(subscriptionId, { scheduleId, cancelsAt: null })
    },
    async cancelAtPeriodEnd(id) {
      const { endedAt, currentPeriod } = need(id)
      if (endedAt === null) set(id, { scheduleId: null, cancelsAt: currentPeriod.end })
    },
    async clearScheduled(id) {
      set(id, { scheduleId: null, cancelsAt: null })
    },
    listSubscriptions: async ({ customerId }) =>
      [...subscriptions.values()].filter(one => one.endedAt === null && customerId === one.customerId),
    listChanged: async () => [...subscriptions.keys()],
    async cancelUnused(id) {
      if (need(id).endedAt !== null) return
      const { latestInvoiceId } = set(id, { status: 'canceled', endedAt: second() })
      const invoice = invoices.get(latestInvoiceId ?? '')
      if (invoice?.status === 'open') base.change(invoice.id, { status: 'void' })
    },
    async refundSubscription(id) {
      for (const { id: invoiceId, subscriptionId, status } of invoices.values())
        if (subscriptionId === id && status === 'paid') refunded.add(invoiceId)
    },
  }

  const end = (subscription: SubscriptionView, endedAt: Instant, billingReason: string) => {
    const ended = set(subscription.id, { status: 'canceled', endedAt, cancelsAt: null, scheduleId: null })
    const period = { start: subscription.currentPeriod.start, end: endedAt }
    addInvoice(ended, { billingReason, period, lines: meteredLines(planOf(subscription), period) })
    return need(subscription.id)
  }
  return {
    ...base,
    ...stripe,
    ...{ card, credits, discounts, running, refunded },
    readUsage: async ({ meterId, window }: { meterId: string; window: Period }) => {
      const plan = plans.find(one => one.stripe?.meterId === meterId)
      return plan ? unitsIn(plan, window) : 0
    },
    async cancelNow(id: string) {
      const before = need(id)
      return before.endedAt === null ? end(before, second(), 'subscription_update') : before
    },
    /** The end of a period that has come: a schedule's plan begins, or the subscription ends, or it is renewed. */
    renew(id: string): void {
      const before = need(id)
      if (before.endedAt !== null || now() < before.currentPeriod.end) return
      if (before.cancelsAt !== null) return void end(before, before.cancelsAt, 'subscription_cycle')
      const scheduled = schedules.get(before.scheduleId ?? '')
      const currentPeriod = { start: before.currentPeriod.end, end: aMonthAfter(before.currentPeriod.end) }
      const { planVersionId, priceIds } = scheduled ?? before
      if (before.scheduleId !== null) schedules.delete(before.scheduleId)
      const renewed = set(id, { currentPeriod, planVersionId, priceIds, scheduleId: null })
      const period = before.currentPeriod
      const lines = [...meteredLines(planOf(before), period), flatLine(planOf(renewed), currentPeriod)]
      addInvoice(renewed, { period, lines })
    },
    /** Brings the usage of every draft to what the meters say now, as finalizing does. */
    finalizeDrafts(): void {
      for (const invoice of invoices.values()) {
        if (invoice.status !== 'draft') continue
        const [metered] = invoice.lines.filter(({ priceId }) => isMetered(plans, priceId))
        const plan = plans.find(({ stripe }) => stripe?.meteredPriceId === metered?.priceId)
        if (!plan) continue
        const others = invoice.lines.filter(({ priceId }) => !isMetered(plans, priceId))
        base.change(invoice.id, { lines: [...meteredLines(plan, invoice.period), ...others] })
      }
    },
  }
}
export type FakeChangeStripe = ReturnType<typeof createFakeChangeStripe>

export const isMetered = (plans: readonly PlanVersion[], priceId: string | null): boolean =>
  plans.some(({ stripe }) => stripe !== null && stripe.meteredPriceId === priceId)
