import type { billingContract } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { describeLetter } from '../../ledger/dead-letters.ts'
import { type RedrivePorts, redrive } from '../../ledger/redrive.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'

/** Looking takes a letter for as long; then it is there again. */
const LOOK_SECONDS = 2

/** What lies in billing's dead letters. */
export const adminListDeadLetters =
  (ports: () => RedrivePorts): Handlers<typeof billingContract>['adminListDeadLetters'] =>
  async (_input, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const { letters } = ports()
    const waiting = await letters.count()
    const received = waiting === 0 ? [] : await letters.receive(LOOK_SECONDS)
    for (const { receipt } of received) await letters.release(receipt)
    return ok({ waiting, letters: received.map(describeLetter) })
  }

/** Gives the dead letters that hold log lines to `record-usage` once more. */
export const adminRedrive =
  (
    deps: Pick<BillingDeps, 'billing'>,
    ports: () => RedrivePorts,
  ): Handlers<typeof billingContract>['adminRedrive'] =>
  async ({ reason }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const { letters, recordUsage } = ports()
    const waiting = await letters.count()
    await appendAudit(deps.billing, call, {
      ...{ accountId: null, action: 'dead_letters.redriven', reason },
      before: { waiting },
    })
    const taken = await redrive({ letters, recordUsage })
    return ok({ taken, left: await letters.count() })
  }
