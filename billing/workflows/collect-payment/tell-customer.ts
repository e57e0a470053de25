import type { Instant } from '#kernel/time'
import { changeDunning } from '../../payments/dunning-record.ts'
import { noticeOf, toldWith } from './announce.ts'
import { type CollectPorts, changed, detailsOf, type Looked } from './state.ts'

/** Gives a notice, once. */
export async function tellCustomer(
  { billing }: CollectPorts,
  { invoice, record, action }: Looked,
  now: Instant,
): Promise<void> {
  if (action.kind !== 'tell') return
  const change = { ...detailsOf(invoice), told: toldWith(record, invoice, action.stage) }
  const notice = noticeOf(invoice, record, action.stage, now)
  changed(await changeDunning(billing, record, change, now, [notice]))
}
