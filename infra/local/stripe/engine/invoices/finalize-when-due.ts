import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { Fault } from '../fault.ts'
import type { Invoice } from '../wire.ts'
import { finalizeInvoice } from './finalize-invoice.ts'

/** Arms the automatic finalization of a draft; a changed time makes the earlier timer do nothing. */
export function scheduleFinalization(engine: Engine, invoice: Invoice): void {
  const dueAt = invoice.automatically_finalizes_at
  if (invoice.status !== 'draft' || dueAt === null) return
  engine.time.later('finalize-invoice', dueAt * 1000, invoice.id)
}

/** The timer of `scheduleFinalization`. */
export function finalizeWhenDue(engine: Engine, id: string): void {
  const invoice = engine.state.invoices.get(id)
  if (invoice === undefined || invoice.status !== 'draft' || !invoice.auto_advance) return
  const dueAt = invoice.automatically_finalizes_at
  if (dueAt === null || dueAt > nowSeconds(engine)) return
  try {
    finalizeInvoice(engine, id, {})
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { code } = error.details
    change(invoice, {
      automatically_finalizes_at: null,
      last_finalization_error: {
        ...(code === undefined ? {} : { code }),
        message: error.message,
        type: 'invalid_request_error',
      },
    })
    emit(engine, 'invoice.finalization_failed', invoice)
  }
}
