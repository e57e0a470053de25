import { type PlanVersion, type RatedLine, rate, type StatementLine } from '#billing/contract'
import type { Period } from '#kernel/time'
import type { InvoiceLine, InvoiceView } from '../../stripe/views.ts'
import { compareLines, type PairedLine } from './compare-lines.ts'

/** What a finalized invoice should say. */
export type ExpectedInvoice = {
  readonly plan: PlanVersion
  readonly usage: Period
  readonly owedUnits: number
  /** Whether the subscription goes on: the flat fee of the coming period is on the invoice. */
  readonly continues: boolean
  /** The plan of the coming period, where the subscription changes it; absent: the same. */
  readonly feePlan?: PlanVersion
}

export type Verdict =
  | { readonly kind: 'equal'; readonly invoicedUnits: number }
  /** Stripe billed fewer units than owed, and rated those as we do: the rest is carried over. */
  | { readonly kind: 'too_little'; readonly invoicedUnits: number }
  /** Stripe billed more units than owed, and rated those as we do: the difference is credited before collection. */
  | { readonly kind: 'too_much'; readonly invoicedUnits: number }
  /** Anything else: uncollected until a person decides. `reason` says what differs. */
  | { readonly kind: 'held'; readonly reason: string }

/**
 * Compares every line of a finalized invoice with the statement. Amounts are before discounts and tax, which Stripe
 * alone computes. Stripe rates graduated prices into one line per tier, each rounded on its own, and may leave lines
 * of amount zero out (https://docs.stripe.com/billing/subscriptions/billing-mode): such a line counts as there.
 */
export function compareInvoice(expected: ExpectedInvoice, invoice: InvoiceView): Verdict {
  const stripe = expected.plan.stripe
  if (!stripe) return held(`${expected.plan.planVersionId} is not sold through Stripe`)
  if (invoice.status === 'draft' || invoice.status === 'void') return held(`the invoice is ${invoice.status}`)
  if (invoice.currency !== expected.plan.currency) return held(`the currency is ${invoice.currency}`)
  const feePriceId = (expected.feePlan?.stripe ?? stripe).flatPriceId
  const flat = invoice.lines.filter(({ priceId }) => priceId === feePriceId)
  const metered = meteredLines(expected.plan, invoice)
  if (flat.length + metered.length < invoice.lines.length) return held('there is a line of another price')
  return flatProblem(expected, flat) ?? compareMetered(expected, metered)
}

const meteredLines = ({ stripe }: PlanVersion, { lines }: InvoiceView): readonly InvoiceLine[] =>
  lines.filter(({ priceId }) => stripe !== null && priceId === stripe.meteredPriceId)

/** Units that an invoice bills, whatever it bills them for. A void one bills none. */
export const billedUnits = (plan: PlanVersion, invoice: InvoiceView): number =>
  invoice.status === 'void' ? 0 : meteredLines(plan, invoice).reduce((sum, { quantity }) => sum + quantity, 0)

/** Every line of an invoice beside that of the statement. */
export function pairLines(
  { stripe }: PlanVersion,
  invoice: InvoiceView,
  ours: readonly StatementLine[],
  feePriceId: string | undefined = stripe?.flatPriceId,
): readonly PairedLine[] {
  const identified = invoice.lines.map(({ id, priceId, reducedMinor, ...line }) => ({
    ...{ id, reducedMinor },
    line: {
      kind:
        priceId !== null && priceId === feePriceId
          ? ('flat_fee' as const)
          : priceId !== null && priceId === stripe?.meteredPriceId
            ? ('tier' as const)
            : ('other' as const),
      ...{ description: line.description, quantity: line.quantity, period: line.period },
      ...{ unitPriceMinor: line.unitPriceMinor ?? '', amountMinor: String(line.amountMinor) },
    },
  }))
  return compareLines(identified, ours)
}

function flatProblem(
  { plan, feePlan = plan, usage, continues }: ExpectedInvoice,
  lines: readonly InvoiceLine[],
): Verdict | null {
  const [line, second] = lines
  if (!continues) return line ? held('there is a flat fee after the end of the subscription') : null
  if (feePlan.flatFeeMinor === '0' && !line) return null
  if (!line || second) return held(`there are ${lines.length} flat fees`)
  if (line.quantity !== 1 || line.amountMinor !== BigInt(feePlan.flatFeeMinor))
    return held(`the flat fee is ${line.quantity} × … = ${line.amountMinor}`)
  return line.period.start === usage.end ? null : held('the flat fee is for another period')
}

function compareMetered({ plan, usage, owedUnits }: ExpectedInvoice, lines: readonly InvoiceLine[]): Verdict {
  if (lines.some(({ period }) => period.end !== usage.end)) return held('usage of another period is billed')
  if (isRating(lines, rate(plan.usagePrice, owedUnits))) return { kind: 'equal', invoicedUnits: owedUnits }
  const invoicedUnits = lines.reduce((sum, { quantity }) => sum + quantity, 0)
  const amountMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0n)
  const what = `${invoicedUnits} units for ${amountMinor} are billed, ${owedUnits} are owed`
  if (invoicedUnits < 0 || !isRating(lines, rate(plan.usagePrice, invoicedUnits)))
    return held(`${what}, and the lines are not the plan's`)
  return { kind: invoicedUnits > owedUnits ? 'too_much' : 'too_little', invoicedUnits }
}

/** The same lines in any order, but for those of amount zero that Stripe left out and those that say nothing. */
function isRating(lines: readonly InvoiceLine[], rated: readonly RatedLine[]): boolean {
  const left = lines
    .filter(({ quantity, amountMinor }) => quantity !== 0 || amountMinor !== 0n)
    .map(({ quantity, amountMinor }) => `${quantity}=${amountMinor}`)
  for (const { quantityUnits, amountMinor } of rated) {
    const at = left.indexOf(`${quantityUnits}=${amountMinor}`)
    if (at >= 0) left.splice(at, 1)
    else if (amountMinor !== 0n) return false
  }
  return left.length === 0
}

const held = (reason: string): Verdict => ({ kind: 'held', reason })
