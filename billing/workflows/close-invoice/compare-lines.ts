import type { ComparedLine, StatementLine } from '#billing/contract'

/** A line of Stripe's with what a credit note needs to name it. */
export type IdentifiedLine = {
  readonly id: string
  readonly reducedMinor: bigint
  readonly line: StatementLine
}
export type PairedLine = ComparedLine & { readonly id: string | null; readonly reducedMinor: bigint }

/**
 * Sets Stripe's lines beside ours: two are the same when kind, quantity, amount and the end of their period are. A line of
 * ours of amount zero may be missing, because Stripe leaves such lines out
 * (https://docs.stripe.com/billing/subscriptions/billing-mode); one of Stripe's that says nothing may be there.
 */
export function compareLines(
  stripe: readonly IdentifiedLine[],
  ours: readonly StatementLine[],
): readonly PairedLine[] {
  const left = [...ours]
  const paired = stripe.map(({ id, reducedMinor, line }): PairedLine => {
    const at = left.findIndex(one => keyOf(one) === keyOf(line))
    const [match = null] = at < 0 ? [] : left.splice(at, 1)
    const saysNothing = line.quantity === 0 && line.amountMinor === '0'
    return { id, reducedMinor, stripe: line, ours: match, equal: match !== null || saysNothing }
  })
  const missing = left.map(
    (line): PairedLine => ({
      ...{ id: null, reducedMinor: 0n, stripe: null, ours: line },
      equal: line.amountMinor === '0',
    }),
  )
  return [...paired, ...missing]
}

const keyOf = ({ kind, quantity, amountMinor, period }: StatementLine): string =>
  [kind, quantity, amountMinor, period.end].join(' ')

export type CreditPlan = {
  /** Gross, as on the invoice's lines. */
  readonly creditMinor: bigint
  /** What each line is credited: less than its share where discounts or credit had lowered it. */
  readonly lines: readonly { readonly lineId: string; readonly amountMinor: bigint }[]
}

/**
 * The credit note that leaves of an invoice what the statement says: the amount by which the lines that differ are too
 * high, taken from the largest of them first. Null when they are not too high. Where Stripe had taken a discount or credit
 * off a line, its share is taken off in proportion, a fraction of a minor unit to the customer.
 */
export function planCredit(paired: readonly PairedLine[]): CreditPlan | null {
  const differing = paired.filter(({ equal }) => !equal)
  const sum = (side: 'stripe' | 'ours') =>
    differing.reduce((total, pair) => total + BigInt(pair[side]?.amountMinor ?? 0), 0n)
  const creditMinor = sum('stripe') - sum('ours')
  if (creditMinor < 0n) return null
  let leftMinor = creditMinor
  const lines: CreditPlan['lines'][number][] = []
  const largestFirst = differing
    .flatMap(({ id, stripe, reducedMinor }) =>
      id !== null && stripe ? [{ id, reducedMinor, grossMinor: BigInt(stripe.amountMinor) }] : [],
    )
    .sort((a, b) => (a.grossMinor === b.grossMinor ? 0 : a.grossMinor > b.grossMinor ? -1 : 1))
  for (const { id, grossMinor, reducedMinor } of largestFirst) {
    if (leftMinor === 0n || grossMinor <= 0n) break
    const shareMinor = leftMinor < grossMinor ? leftMinor : grossMinor
    leftMinor -= shareMinor
    const netMinor = grossMinor - reducedMinor
    const amountMinor = (shareMinor * netMinor + grossMinor - 1n) / grossMinor
    if (amountMinor > 0n) lines.push({ lineId: id, amountMinor })
  }
  return leftMinor === 0n ? { creditMinor, lines } : null
}
