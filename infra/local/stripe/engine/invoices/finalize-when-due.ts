import { type Engine, nowSeconds } from '../engine.ts'
import type { Invoice } from '../wire.ts'
import { finalizeInvoice } from './finalize-invoice.ts'

/** Arms the automatic finalization of a draft; a changed time makes the earlier timer do nothing. */
export function scheduleFinalization(engine: Engine, invoice: Invoice): void {
  const dueAt = invoice.automatically_finalizes_at
  if (invoice.status !== 'draft' || dueAt === null) return
  engine.time.at(dueAt * 1000, `stripe: finalize ${invoice.id}`, () => finalizeWhenDue(engine, invoice.id))
}

function finalizeWhenDue(engine: Engine, id: string): void {
  const invoice = engine.state.invoices[id]
  if (invoice === undefined || invoice.status !== 'draft' || !invoice.auto_advance) return
  const dueAt = invoice.automatically_finalizes_at
  if (dueAt === null || dueAt > nowSeconds(engine)) return
  finalizeInvoice(engine, id, {})
}
