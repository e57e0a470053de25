import { appendAudit } from '#kernel/audit'
import type { Instant } from '#kernel/time'
import { markDue } from '../../accounts/due.ts'
import type { DisputeView } from '../../payments/ports.ts'
import {
  getSuspension,
  liftSuspension,
  noteDispute,
  placeSuspension,
  type SuspensionRecord,
} from '../../payments/suspension.ts'
import { serviceCall } from '../../procedures/service-call.ts'
import { accountOfCustomer } from '../../stripe/customers.ts'
import { idle, type Route, type StarterPorts } from '../route.ts'

/**
 * A dispute suspends its account; won, the suspension is lifted; lost, an administrator decides. The job that repeats
 * blocks applies it within a minute. Repeating it, whatever was cut off, gives the same.
 */
export const followDispute: Route = async (ports, disputeId, now) => {
  const dispute = await ports.stripe.getDispute(disputeId)
  const accountId = dispute.customerId && (await accountOfCustomer(ports.billing, dispute.customerId))
  if (!accountId) return idle('not a customer of ours')
  const record = await getSuspension(ports.billing, { accountId, cause: disputeId })
  const because = record
    ? await decide(ports, record, dispute, now)
    : await suspend(ports, accountId, dispute, now)
  // After the record: what is cut off before this line is repeated by whoever delivers the notification.
  await markDue(ports.billing, 'blocks-due', accountId)
  return idle(because)
}

async function suspend({ billing }: StarterPorts, accountId: string, dispute: DisputeView, now: Instant) {
  if (dispute.status !== 'open') return `the dispute is ${dispute.status}`
  const { id: cause, invoiceId } = dispute
  const reason = `A payment was disputed with the bank (${dispute.reason.replaceAll('_', ' ')}).`
  const call = serviceCall(now, `dispute-${cause}`)
  await appendAudit(billing, call, {
    ...{ accountId, action: 'account.suspended', reason },
    after: { disputeId: cause, invoiceId },
  })
  await placeSuspension(billing, { accountId, cause, reason, since: now, invoiceId, dispute: 'open' })
  return 'suspended'
}

async function decide(
  { billing }: StarterPorts,
  record: SuspensionRecord,
  { status }: DisputeView,
  now: Instant,
): Promise<string> {
  if (status === 'lost') {
    await noteDispute(billing, record, 'lost')
    return 'the dispute was lost'
  }
  if (status !== 'won') return `the dispute is ${status}`
  if (record.liftedAt !== undefined) {
    await noteDispute(billing, record, 'won')
    return 'the suspension was lifted before'
  }
  const { accountId, cause } = record
  await appendAudit(billing, serviceCall(now, `dispute-${cause}`), {
    ...{ accountId, action: 'account.unsuspended', reason: 'the dispute was won' },
    after: { disputeId: cause },
  })
  if (await liftSuspension(billing, record, now, { dispute: 'won' })) return 'the suspension is lifted'
  const current = await getSuspension(billing, record)
  if (current?.liftedAt === undefined) throw new Error(`the suspension ${cause} is being announced`)
  return 'the suspension was lifted before'
}
