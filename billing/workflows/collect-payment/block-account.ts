import { appendAudit } from '#kernel/audit'
import type { Instant } from '#kernel/time'
import { applyBlocks } from '../../payments/apply-blocks.ts'
import { changeDunning, listCollecting, publishDunning } from '../../payments/dunning-record.ts'
import { serviceCall } from '../../procedures/service-call.ts'
import { noticeOf, toldWith } from './announce.ts'
import { type CollectPorts, changed, detailsOf, type Looked } from './state.ts'

/** The grace is over: calls are refused until no invoice of the account is overdue. */
export async function blockAccount(
  ports: CollectPorts,
  { invoice, record, action }: Looked,
  now: Instant,
  requestId: string,
): Promise<void> {
  if (action.kind !== 'block') return
  const { billing } = ports
  const { accountId, invoiceId } = record
  const call = serviceCall(now, requestId)
  let current = record
  if (record.blockedAt === undefined) {
    const after = { block: 'unpaid', invoiceId, remainingMinor: String(invoice.remainingMinor) }
    await appendAudit(billing, call, { accountId, action: 'account.blocked', after })
    await listCollecting(billing, record, true)
    const told = toldWith(record, invoice, 'blocked')
    const change = { ...detailsOf(invoice), blockedAt: now, told }
    const notice = noticeOf(invoice, record, 'blocked', now)
    current = changed(await changeDunning(billing, record, change, now, [notice]))
  }
  await applyBlocks(ports, accountId, call)
  await publishDunning(billing, ports.publish, current)
  changed(await changeDunning(billing, current, { inForceAt: now }, now))
}
