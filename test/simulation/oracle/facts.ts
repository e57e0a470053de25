import * as z from 'zod/mini'
import type { PlanVersion } from '#billing/contract'
import { planVersionSchema } from '#billing/contract'
import { type Account, accountSchema, type Segment, segmentSchema } from '../../../billing/domain/records.ts'
import type { Engine } from '../../../infra/local/stripe/engine/engine.ts'
import { subscriptionIdOf } from '../../../infra/local/stripe/engine/payments/default-payment-method.ts'
import type { Invoice, Subscription } from '../../../infra/local/stripe/engine/wire.ts'
import type { TrueCall } from '../world/gateway.ts'
import type { Customer, World } from '../world/world.ts'
import { demand } from './violation.ts'

/** An invoice as Stripe has it, in the numbers that matter. */
export type StripeInvoice = {
  readonly id: string
  readonly status: string | null
  readonly reason: string | null
  readonly autoAdvance: boolean
  readonly periodEnd: number
  readonly totalMinor: bigint
  readonly paidMinor: bigint
  /** Given back by credit notes and refunds. */
  readonly creditedMinor: bigint
  /** When Stripe finalized it, and when it was paid; null when it was not. */
  readonly finalizedAt: number | null
  readonly paidAt: number | null
  readonly lines: readonly {
    readonly priceId: string | null
    readonly quantity: number
    readonly amountMinor: bigint
  }[]
}

/** All that is known of one account, from Stripe, from the tables and from the truth. */
export type AccountFacts = {
  readonly now: number
  readonly account: Account
  readonly segments: readonly Segment[]
  readonly calls: readonly TrueCall[]
  readonly subscriptions: readonly Subscription[]
  /** Of all subscriptions. */
  readonly allInvoices: readonly StripeInvoice[]
  /** Invoices of what was recorded after the last one of a subscription. */
  readonly oneOff: readonly StripeInvoice[]
  readonly remainders: readonly z.output<typeof remainderSchema>[]
  readonly shown: World['shown']
  readonly caps: World['caps']
  readonly invoicesOf: (subscriptionId: string) => readonly StripeInvoice[]
  readonly planOf: (planVersionId: string) => PlanVersion
  /** The plan version of a subscription's prices, whatever its metadata says. */
  readonly soldAs: (subscription: Subscription) => string
  /** What access has in force. */
  readonly access: z.output<typeof accessSchema>
}

const remainderSchema = z.object({
  kind: z.enum(['invoice', 'waiver', 'credit']),
  period: z.object({ start: z.int() }),
  units: z.int(),
  amountMinor: z.string(),
  invoiceId: z.nullable(z.string()),
  before: z.object({ invoicedUnits: z.int(), waivedUnits: z.int() }),
  after: z.object({ invoicedUnits: z.int(), waivedUnits: z.int() }),
})

const accessSchema = z.object({
  entitlement: z.nullable(z.object({ version: z.int(), planVersionId: z.string(), planId: z.string() })),
  gatewayKey: z.nullable(z.object({ limitSetId: z.string() })),
})

export async function loadFacts(world: World, { accountId }: Customer): Promise<AccountFacts> {
  const { tables, clock, stripe } = world.product
  const billing = tables.billing.quiet
  const pk = `account#${accountId}`
  const stored = await billing.get({ pk, sk: 'account' })
  demand(stored !== undefined, () => 'billing never opened the account')
  const segments = (await billing.query({ pk, prefix: 'segment#' })).map(item =>
    z.parse(segmentSchema, { ...item, closedAt: item.closedAt === 0 ? null : item.closedAt }),
  )
  const plans = new Map<string, PlanVersion>()
  for (const item of await billing.query({ pk: 'plans' })) {
    const plan = z.parse(planVersionSchema, item)
    plans.set(plan.planVersionId, plan)
  }
  const { engine } = stripe
  const subscriptions = [...engine.state.subscriptions.values()].filter(
    ({ metadata }) => metadata.accountId === accountId,
  )
  const invoicesOf = (subscriptionId: string) =>
    stripeInvoices(engine, invoice => subscriptionIdOf(invoice) === subscriptionId)
  return {
    now: clock.now(),
    account: z.parse(accountSchema, stored),
    segments,
    calls: world.gateway.calls().filter(call => call.accountId === accountId),
    subscriptions,
    allInvoices: subscriptions.flatMap(({ id }) => invoicesOf(id)),
    oneOff: stripeInvoices(
      engine,
      ({ metadata }) => metadata?.accountId === accountId && metadata.remainder !== undefined,
    ),
    remainders: (await billing.query({ pk, prefix: 'remainder#' })).map(item =>
      z.parse(remainderSchema, item),
    ),
    shown: world.shown,
    caps: world.caps,
    invoicesOf,
    planOf(planVersionId) {
      const plan = plans.get(planVersionId)
      if (!plan) throw new Error(`there is no ${planVersionId}`)
      return plan
    },
    soldAs: ({ items }) => {
      const prices = items.data.map(({ price }) => price.id)
      const isSold = ({ stripe: sold }: PlanVersion) =>
        sold !== null && prices.includes(sold.flatPriceId) && prices.includes(sold.meteredPriceId)
      return [...plans.values()].find(isSold)?.planVersionId ?? prices.join(' and ')
    },
    access: z.parse(accessSchema, await tables.access.quiet.get({ pk: `acct#${accountId}`, sk: 'access' })),
  }
}

function stripeInvoices({ state }: Engine, isWanted: (invoice: Invoice) => boolean): StripeInvoice[] {
  return [...state.invoices.values()].filter(isWanted).map(invoice => ({
    id: invoice.id,
    status: invoice.status,
    reason: invoice.billing_reason,
    autoAdvance: invoice.auto_advance ?? false,
    periodEnd: invoice.period_end * 1_000,
    totalMinor: BigInt(invoice.total),
    paidMinor: BigInt(invoice.amount_paid),
    creditedMinor: creditedOf(state, invoice.id),
    finalizedAt: millis(invoice.status_transitions.finalized_at),
    paidAt: millis(invoice.status_transitions.paid_at),
    lines: (state.invoiceLines.get(invoice.id) ?? []).map(line => ({
      priceId: line.pricing?.price_details?.price ?? null,
      quantity: line.quantity ?? 0,
      amountMinor: BigInt(line.amount),
    })),
  }))
}

/** By credit notes, and by refunds that belong to none. */
function creditedOf({ creditNotes, invoicePayments, refunds }: Engine['state'], invoiceId: string): bigint {
  const notes = [...creditNotes.values()].filter(
    note => idOf(note.invoice) === invoiceId && note.status !== 'void',
  )
  const ofNotes = new Set(notes.flatMap(note => note.refunds.map(({ refund }) => idOf(refund))))
  const intents = new Set(
    [...invoicePayments.values()]
      .filter(one => idOf(one.invoice) === invoiceId)
      .map(({ payment }) => idOf(payment.payment_intent)),
  )
  const bare = [...refunds.values()].filter(
    refund => intents.has(idOf(refund.payment_intent)) && !ofNotes.has(refund.id),
  )
  return [...notes, ...bare].reduce((sum, { amount }) => sum + BigInt(amount), 0n)
}

const idOf = (reference: string | { readonly id: string } | null | undefined): string | undefined =>
  typeof reference === 'string' ? reference : reference?.id

const millis = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1_000)
