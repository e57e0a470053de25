import { formatMinor, type Repair, type RepairPlan } from '#billing/contract'
import { derivedId } from '#kernel/ids'
import { type Failure, fail, ok, type Result } from '#kernel/result'
import { type Measure, waive } from '../../stripe/reporting/measure-segment.ts'
import type { InvoiceView } from '../../stripe/views.ts'
import type { Comparison, Outcome } from './load-comparison.ts'

export type RepairFacts = {
  readonly repair: Repair
  readonly invoice: Pick<InvoiceView, 'id' | 'status' | 'currency'>
  readonly unit: string
  /** The attempt that is held. */
  readonly attempt: number
  /** What the close works with after the repair. */
  readonly measure: Measure
  /** Of the finalized invoice with this measure and this repair; null: a draft. */
  readonly comparison: Pick<Comparison, 'outcome' | 'credit'> | null
  /** Stripe's number; null: a draft. */
  readonly billedUnits: number | null
}

/** The measure that a repair works with: retrying takes the newest one, waiving lowers it, the rest keep the one in force. */
export function measureFor(
  repair: Repair,
  { frozen, fresh }: { readonly frozen: Measure | undefined; readonly fresh: Measure },
  waivedUnits: number,
): Measure {
  if (repair === 'retry') return waive(fresh, frozen?.handWaivedUnits ?? 0)
  const inForce = frozen ?? fresh
  return repair === 'waive' ? waive(inForce, waivedUnits) : inForce
}

/** What a repair will do, as data; a failure says why it cannot. */
export function planRepair(facts: RepairFacts): Result<RepairPlan> {
  const refusal = refuse(facts)
  if (refusal) return refusal
  const { repair, invoice, measure, comparison, billedUnits, attempt } = facts
  const outcome = comparison?.outcome ?? null
  const isCredited = outcome?.kind === 'too_much'
  const invoiced = outcome && outcome.kind !== 'held' ? outcome.invoicedUnits - outcome.creditedUnits : null
  const numbers = {
    owedUnits: measure.owedUnits,
    invoicedUnits: billedUnits,
    carryUnits: invoiced === null ? 0 : measure.owedUnits - invoiced,
    waivedUnits: measure.waivedUnits,
    creditMinor: isCredited ? String(comparison?.credit?.creditMinor ?? 0n) : '0',
    currency: invoice.currency,
  }
  const planId = derivedId('repair', invoice.id, String(attempt), repair, JSON.stringify(numbers))
  return ok({ planId, repair, steps: describe(facts, outcome, numbers), ...numbers })
}

const FINALIZED = new Set(['open', 'paid', 'uncollectible'])

function refuse({ repair, invoice, measure, comparison, billedUnits }: RepairFacts): Failure | null {
  if (repair === 'retry') return null
  if (repair === 'waive')
    return (measure.handWaivedUnits ?? 0) > 0
      ? null
      : impossible(
          'There is nothing to waive: no more is owed than is invoiced. Say how many units, or credit or accept.',
        )
  if (!FINALIZED.has(invoice.status) || !comparison || billedUnits === null)
    return impossible(
      invoice.status === 'draft'
        ? 'Stripe has not finalized this invoice yet: report again first.'
        : `The invoice is ${invoice.status}: there is nothing to decide about.`,
    )
  if (comparison.outcome.kind === 'equal')
    return impossible('The invoice is equal to our statement by now: retry.')
  if (repair === 'credit' && comparison.outcome.kind !== 'too_much')
    return impossible('The invoice does not bill more money than is owed, so there is nothing to credit.')
  return null
}

const impossible = (message: string): Failure => fail('repair_not_possible', message)

type Numbers = Pick<RepairPlan, 'owedUnits' | 'carryUnits' | 'waivedUnits' | 'creditMinor' | 'currency'>

function describe(
  { repair, unit, measure, invoice }: RepairFacts,
  outcome: Outcome | null,
  numbers: Numbers,
): string[] {
  const count = (units: number) => `${units.toLocaleString('en-US')} ${units === 1 ? unit : `${unit}s`}`
  const first = {
    retry: `Usage is measured anew: ${count(measure.owedUnits)} are owed.`,
    credit: 'Our statement stands.',
    accept: 'Stripe’s invoice is taken as it is.',
    waive: `${count(measure.handWaivedUnits ?? 0)} are waived for good: ${count(measure.owedUnits)} remain owed.`,
  }[repair]
  if (!outcome) return [first, 'The difference is reported to Stripe; the draft is finalized and compared.']
  if (outcome.kind === 'held') return [first, `The comparison will hold it again: ${outcome.reason}.`]
  const credit = formatMinor(BigInt(numbers.creditMinor), numbers.currency)
  const middle = {
    equal: 'The invoice is then equal to our statement.',
    too_little: `${count(numbers.carryUnits)} go to the next invoice.`,
    too_much: `A credit note of ${credit} before tax takes the difference back.`,
    accepted:
      numbers.carryUnits < 0
        ? `The next invoice is lowered by ${count(-numbers.carryUnits)}.`
        : `${count(numbers.carryUnits)} go to the next invoice.`,
  }[outcome.kind]
  const last = invoice.status === 'open' ? 'Stripe collects it.' : `It is ${invoice.status} already.`
  return [first, middle, last]
}
