import { appendAudit } from '#kernel/audit'
import { derivedId } from '#kernel/ids'
import type { DomainEvent } from '#kernel/outbox'
import type { Instant } from '#kernel/time'
import { applyBlocks } from '../../payments/apply-blocks.ts'
import {
  changeDunning,
  type Dunning,
  publishDunning,
  unlistCollecting,
} from '../../payments/dunning-record.ts'
import { serviceCall } from '../../procedures/service-call.ts'
import { type CollectPorts, changed, detailsOf, type Looked } from './state.ts'

/** The invoice was paid, voided or written off: its block is lifted, and who was told of the trouble is told of its end. */
export async function recoverPayment(
  ports: CollectPorts,
  { invoice, record, action }: Looked,
  now: Instant,
  requestId: string,
): Promise<void> {
  if (action.kind !== 'settle') return
  const { billing } = ports
  const { accountId, invoiceId } = record
  const call = serviceCall(now, requestId)
  let current = record
  if (record.endedAt === undefined) {
    const after = { invoiceId, how: action.how, wasBlocked: record.blockedAt !== undefined }
    await appendAudit(billing, call, { accountId, action: 'payment.recovered', after })
    const change = { ...detailsOf(invoice), endedAt: now, how: action.how }
    const events = record.told.length > 0 ? [recovered(record, invoice.number, action.how, now)] : []
    current = changed(await changeDunning(billing, record, change, now, events))
  }
  await applyBlocks(ports, accountId, call)
  await publishDunning(billing, ports.publish, current)
  await unlistCollecting(billing, invoiceId)
  changed(await changeDunning(billing, current, { finishedAt: now }, now))
}

const recovered = (
  { accountId, invoiceId, blockedAt }: Dunning,
  number: string | null,
  how: 'paid' | 'forgiven',
  now: Instant,
): DomainEvent => ({
  id: derivedId('evt', 'payment.recovered', invoiceId),
  type: 'payment.recovered',
  at: now,
  data: { accountId, invoiceId, number, recoveredAt: now, how, wasBlocked: blockedAt !== undefined },
})
