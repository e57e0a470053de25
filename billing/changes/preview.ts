import {
  type AmountLine,
  type ChangeKind,
  type ChangePreview,
  type PlanVersion,
  rate,
  totalOf,
} from '#billing/contract'
import { derivedId } from '#kernel/ids'
import type { Instant, Period } from '#kernel/time'
import { owedUnits } from '../domain/segment.ts'
import { aMonthAfter } from './a-month-after.ts'
import { type CarriedDiscount, discountLines } from './carry-discounts.ts'
import { type ChangeFacts, kindOf, refuseChange } from './decide-change.ts'
import { type FlatFeeCredit, flatFeeCredit } from './flat-fee-credit.ts'

export type PreviewFacts = ChangeFacts & {
  readonly pricedAt: Instant
  /** Of the open segment, up to `pricedAt`. */
  readonly usedUnits: number
  readonly carryOverUnits: number
  readonly capUnits: number | null
  /** What goes on on the subscription that an upgrade makes. */
  readonly discounts: readonly CarriedDiscount[]
}

/** What a change does, in amounts and dates. The same facts give the same preview, digest included. */
export function previewOf(facts: PreviewFacts): ChangePreview {
  const { account, current, target, pricedAt, segment } = facts
  const kind = kindOf(current, target)
  const refusal = refuseChange(facts)
  const credit = kind === 'upgrade' ? creditOf(facts) : null
  const isNow = kind === 'purchase' || kind === 'upgrade'
  const today = todayOf(facts, credit, isNow)
  const preview = {
    accountId: account.accountId,
    kind,
    from: { planVersionId: current.planVersionId, planName: current.name },
    to: { planVersionId: target.planVersionId, planId: target.id, planName: target.name },
    currency: current.currency,
    pricedAt,
    effectiveAt: isNow ? pricedAt : segment.end,
    today,
    usageSoFar: kind === 'upgrade' ? usageSoFar(facts) : null,
    nextInvoice: nextInvoiceOf(facts, kind),
  }
  return {
    ...preview,
    refused: refusal && { code: refusal.code, message: refusal.message },
    digest: derivedId('shown', JSON.stringify(agreed(preview))),
  }
}

/** What a customer agrees to. Estimates are not part of it: they move with usage. */
const agreed = ({
  accountId,
  kind,
  from,
  to,
  today,
  effectiveAt,
}: Pick<ChangePreview, 'accountId' | 'kind' | 'from' | 'to' | 'today' | 'effectiveAt'>) => [
  ...[accountId, kind, from.planVersionId, to.planVersionId, today.totalMinor],
  ...[today.credit?.creditMinor ?? '0', effectiveAt],
]

function creditOf({
  current,
  subscription,
  segment,
  usedUnits,
  carryOverUnits,
  pricedAt,
}: PreviewFacts): FlatFeeCredit {
  const period: Period = subscription?.currentPeriod ?? segment
  return flatFeeCredit({
    ...{ flatFeeMinor: BigInt(current.flatFeeMinor), currency: current.currency, period, at: pricedAt },
    ...{ includedUnits: current.includedUnits, usedUnits: usedUnits + carryOverUnits },
  })
}

function todayOf(
  { current, target, discounts }: PreviewFacts,
  credit: FlatFeeCredit | null,
  isNow: boolean,
): ChangePreview['today'] {
  if (!isNow) return { lines: [], totalMinor: '0', credit: null }
  const lines = [feeLine(target)]
  if (credit && credit.minor > 0n)
    lines.push({ label: creditName(current), amountMinor: String(-credit.minor) })
  // After the credit, which is for the whole fee: a share of what is left.
  lines.push(...discountLines(BigInt(sumOf(lines)), discounts))
  return {
    lines,
    totalMinor: sumOf(lines),
    credit: credit && {
      planName: current.name,
      flatFeeMinor: current.flatFeeMinor,
      creditMinor: String(credit.minor),
      share: credit.share,
      ...{ unusedSeconds: credit.unusedSeconds, periodSeconds: credit.periodSeconds },
      ...{ unusedUnits: credit.unusedUnits, includedUnits: credit.includedUnits },
    },
  }
}

/** Of the coupon, as the invoice shows it; Stripe takes 40 characters. */
export const creditName = ({ name }: Pick<PlanVersion, 'name'>): string =>
  `Unused part of ${name}`.slice(0, 40)

function usageSoFar({ current, usedUnits, carryOverUnits, capUnits }: PreviewFacts) {
  const units = owedUnits(usedUnits, carryOverUnits, capUnits)
  return { units, estimateMinor: String(totalOf(rate(current.usagePrice, units))) }
}

function nextInvoiceOf(facts: PreviewFacts, kind: ChangeKind): ChangePreview['nextInvoice'] {
  const { current, target, segment, pricedAt } = facts
  if (kind === 'purchase' || kind === 'upgrade') {
    const running = facts.discounts.filter(({ months }) => months === null || months > 1)
    const fee = feeLine(target)
    const lines = [fee, ...discountLines(BigInt(fee.amountMinor), running)]
    return { at: aMonthAfter(pricedAt), lines, estimateMinor: sumOf(lines) }
  }
  const { units, estimateMinor } = usageSoFar(facts)
  const used = `${current.name}: ${units.toLocaleString('en-US')} ${current.unit}s so far`
  const lines = [{ label: used, amountMinor: estimateMinor }, ...(kind === 'cancel' ? [] : [feeLine(target)])]
  return { at: segment.end, lines, estimateMinor: sumOf(lines) }
}

const feeLine = ({ name, flatFeeMinor }: PlanVersion): AmountLine => ({
  label: `${name}, monthly fee`,
  amountMinor: flatFeeMinor,
})

const sumOf = (lines: readonly AmountLine[]): string =>
  String(lines.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n))
