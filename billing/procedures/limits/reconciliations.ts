import type { billingContract } from '#billing/contract'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { RedrivePorts } from '../../ledger/redrive.ts'
import { dayBefore, getDay, listDays, viewOf } from '../../reconciliation/store.ts'
import { listMeterProblems } from '../../stripe/reporting/meter-problems.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'

type Deps = Pick<BillingDeps, 'billing'>
const PAGE_DAYS = 31

/** The days that were reconciled, and what else does not add up at the moment. */
export const adminListReconciliations =
  (
    { billing }: Deps,
    ports: () => Pick<RedrivePorts, 'letters'>,
  ): Handlers<typeof billingContract>['adminListReconciliations'] =>
  async ({ before }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const range = before === undefined ? {} : { to: dayBefore(before) }
    const days = await listDays(billing, { ...range, limit: PAGE_DAYS })
    const meterProblems = await listMeterProblems(billing, call.now)
    return ok({ days: days.map(viewOf), meterProblems, deadLetters: await ports().letters.count() })
  }

export const adminGetReconciliation =
  ({ billing }: Deps): Handlers<typeof billingContract>['adminGetReconciliation'] =>
  async ({ day }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const record = await getDay(billing, day)
    return record ? ok(viewOf(record)) : fail('not_found', 'This day was not reconciled.')
  }
