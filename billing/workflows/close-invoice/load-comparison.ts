import type { Segment } from '../../domain/records.ts'
import type { InvoiceRecord } from '../../stripe/invoice-record.ts'
import type { Measure } from '../../stripe/reporting/measure-segment.ts'
import type { InvoiceView } from '../../stripe/views.ts'
import {
  billedUnits,
  compareInvoice,
  type ExpectedInvoice,
  pairLines,
  type Verdict,
} from './compare-invoice.ts'
import { type CreditPlan, type PairedLine, planCredit } from './compare-lines.ts'
import type { ClosePorts, ClosingSegment } from './state.ts'
import { type Statement, statementOf } from './statement.ts'

/** What is done with a compared invoice. `invoicedUnits` is Stripe's number, `creditedUnits` of them are taken back. */
export type Outcome =
  | {
      readonly kind: 'equal' | 'too_little' | 'too_much' | 'accepted'
      readonly invoicedUnits: number
      readonly creditedUnits: number
    }
  | { readonly kind: 'held'; readonly reason: string }

export type Comparison = {
  readonly outcome: Outcome
  readonly statement: Statement
  readonly paired: readonly PairedLine[]
  /** Null: what is billed is not more than what is owed. */
  readonly credit: CreditPlan | null
}

/** A finalized invoice against the statement, and what an administrator decided about it. */
export async function loadComparison(
  ports: Pick<ClosePorts, 'accounts' | 'plans'>,
  { segment, plan }: Pick<ClosingSegment, 'segment' | 'plan'>,
  measure: Measure,
  invoice: InvoiceView,
  repair?: NonNullable<InvoiceRecord['decision']>['repair'],
): Promise<Comparison> {
  const next = await nextOf(ports, segment)
  const feePlan = next && (await ports.plans.getVersion(next.planVersionId))
  const expected: ExpectedInvoice = {
    plan,
    usage: { start: segment.start, end: segment.end },
    owedUnits: measure.owedUnits,
    continues: next !== undefined,
    ...(feePlan && { feePlan }),
  }
  const statement = statementOf(expected, next)
  const paired = pairLines(plan, invoice, statement.lines, feePlan?.stripe?.flatPriceId)
  const credit = invoice.status === 'draft' || invoice.status === 'void' ? null : planCredit(paired)
  const facts = { verdict: compareInvoice(expected, invoice), billedUnits: billedUnits(plan, invoice) }
  return {
    outcome: decideOutcome({ ...facts, owedUnits: measure.owedUnits, credit, repair }),
    ...{ statement, paired, credit },
  }
}

export type OutcomeFacts = {
  readonly verdict: Verdict
  readonly billedUnits: number
  readonly owedUnits: number
  readonly credit: CreditPlan | null
  readonly repair: NonNullable<InvoiceRecord['decision']>['repair'] | undefined
}

/** What Stripe billed as the plan says settles itself; anything else needs a decision. */
export function decideOutcome({ verdict, billedUnits, owedUnits, credit, repair }: OutcomeFacts): Outcome {
  if (repair === 'accept' && verdict.kind !== 'equal')
    return { kind: 'accepted', invoicedUnits: billedUnits, creditedUnits: 0 }
  if (verdict.kind === 'equal' || verdict.kind === 'too_little') return { ...verdict, creditedUnits: 0 }
  if (verdict.kind === 'held' && repair !== 'credit') return verdict
  if (!credit)
    return {
      kind: 'held',
      reason: 'more is billed than owed, and not for more money: nothing can be credited',
    }
  return { kind: 'too_much', invoicedUnits: billedUnits, creditedUnits: billedUnits - owedUnits }
}

/** The segment that follows on the same subscription: its fee is on the invoice. */
async function nextOf({ accounts }: Pick<ClosePorts, 'accounts'>, segment: Segment) {
  const segments = await accounts.listSegments(segment.accountId)
  return segments.find(
    ({ start, subscriptionId }) => start === segment.end && subscriptionId === segment.subscriptionId,
  )
}
