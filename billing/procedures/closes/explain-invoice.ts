import type { closeProcedures, Proof } from '#billing/contract'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { foldPeriod } from '../../ledger/fold-period.ts'
import { explainLevel } from '../../proof/explain-level.ts'
import { explainLines } from '../../proof/explain-lines.ts'
import type { BillingDeps } from '../deps.ts'
import { loadInvoice } from './load-invoice.ts'

/** From an invoice to its requests, one step at a time, rated and folded by the code that made the invoice. */
export const explainInvoice =
  (
    deps: Pick<BillingDeps, 'accounts' | 'billing' | 'ledger' | 'plans'>,
  ): Handlers<typeof closeProcedures>['explainInvoice'] =>
  async (input, call) => {
    const loaded = await loadInvoice(deps, input, call)
    if (!loaded.ok) return loaded
    const { record } = loaded.value
    const { proof, statement, period } = record
    const plan = await deps.plans.getVersion(record.planVersionId)
    if (!plan || !proof || !statement)
      return fail(
        'not_explained',
        'This invoice is not compared with your calls yet. Try again once it is closed.',
      )
    const lines = explainLines(plan, owedOf(proof), statement.lines)
    const { accountId, lineIndex, day, keyId, route, cursor } = input
    const line = lines.find(one => one.lineIndex === lineIndex)
    if (lineIndex !== undefined && !line)
      return fail('line_not_found', `The invoice has ${lines.length} lines, counted from 0.`)
    const { carriedInUnits } = proof
    const level = line
      ? await explainLevel(deps.ledger, {
          ...{ accountId, period, carriedInUnits, day, keyId, route, cursor },
          line: { from: line.fromUnits, to: line.toUnits },
        })
      : null
    if (line && !level)
      return fail('invalid_request', 'The cursor is none of ours. Start from the first page.')
    const { units: recordedUnits } = await foldPeriod(deps.ledger, accountId, period)
    return ok({
      ...{ period, planName: plan.name, unit: plan.unit, currency: plan.currency, proof },
      lateUnits: recordedUnits - proof.meteredUnits,
      ...{ lines, totalMinor: statement.totalMinor, level },
    })
  }

const owedOf = ({ meteredUnits, carriedInUnits, carriedOutUnits, waivedUnits }: Proof): number =>
  meteredUnits + carriedInUnits - carriedOutUnits - waivedUnits
