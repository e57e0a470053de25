import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needInvoice, needPaymentMethod } from '../find.ts'
import { applyMetadata, boolean, type Input, metadata, object, text, timestamp } from '../params.ts'
import type { Invoice } from '../wire.ts'
import { scheduleCollection } from './collect-invoice.ts'
import { scheduleFinalization } from './finalize-when-due.ts'

export const updateInvoiceParams = object({
  auto_advance: boolean(),
  automatically_finalizes_at: timestamp(),
  default_payment_method: text(),
  description: text(),
  footer: text(),
  metadata: metadata(),
})

const FIVE_YEARS_SECONDS = 5 * 366 * 86_400

/** https://docs.stripe.com/api/invoices/update */
export function updateInvoice(engine: Engine, id: string, input: Input<typeof updateInvoiceParams>): Invoice {
  const invoice = needInvoice(engine, id)
  const isDraft = invoice.status === 'draft'
  if (!isDraft && (input.description !== undefined || input.footer !== undefined))
    throw notEditable('description')
  const changes: Partial<Invoice> = { metadata: applyMetadata(invoice.metadata, input.metadata) }
  if (input.description !== undefined)
    changes.description = input.description === '' ? null : input.description
  if (input.footer !== undefined) changes.footer = input.footer === '' ? null : input.footer
  if (input.default_payment_method !== undefined) {
    changes.default_payment_method = needPaymentMethod(
      engine,
      input.default_payment_method,
      'default_payment_method',
    ).id
  }
  if (input.auto_advance !== undefined) {
    if (!isDraft && invoice.status !== 'open') throw notEditable('auto_advance')
    changes.auto_advance = input.auto_advance
  }
  const autoAdvance = changes.auto_advance ?? invoice.auto_advance ?? false
  if (isDraft)
    Object.assign(changes, draftTiming(engine, invoice, autoAdvance, input.automatically_finalizes_at))
  else if (input.automatically_finalizes_at !== undefined) throw notEditable('automatically_finalizes_at')
  else if (invoice.status === 'open') changes.next_payment_attempt = openTiming(engine, invoice, autoAdvance)
  const previous = change(invoice, changes)
  if (Object.keys(previous).length > 0) emit(engine, 'invoice.updated', invoice, previous)
  scheduleFinalization(engine, invoice)
  if (invoice.status === 'open' && 'next_payment_attempt' in previous) scheduleCollection(engine, invoice)
  return invoice
}

function notEditable(param: string) {
  return invalidRequest(`Finalized invoices can't be updated in this way: ${param}`, {
    code: 'invoice_not_editable',
    param,
  })
}

/** When a draft finalizes by itself: the given time, else an hour after its creation, else never. */
function draftTiming(
  engine: Engine,
  invoice: Invoice,
  autoAdvance: boolean,
  given: number | undefined,
): Pick<Invoice, 'automatically_finalizes_at' | 'next_payment_attempt'> {
  if (!autoAdvance) {
    if (given !== undefined) {
      throw invalidRequest('`automatically_finalizes_at` requires `auto_advance` to be true.', {
        param: 'automatically_finalizes_at',
      })
    }
    return { automatically_finalizes_at: null, next_payment_attempt: null }
  }
  const now = nowSeconds(engine)
  if (given !== undefined && (given <= now || given > now + FIVE_YEARS_SECONDS)) {
    throw invalidRequest('`automatically_finalizes_at` must be in the future and within five years.', {
      param: 'automatically_finalizes_at',
    })
  }
  const dueAt =
    given ??
    invoice.automatically_finalizes_at ??
    Math.max(now, invoice.created) + engine.settings.draftSeconds
  return { automatically_finalizes_at: dueAt, next_payment_attempt: dueAt }
}

function openTiming(engine: Engine, invoice: Invoice, autoAdvance: boolean): number | null {
  if (!autoAdvance) return null
  return (
    invoice.next_payment_attempt ?? Math.ceil((engine.time.now() + engine.settings.collectionDelayMs) / 1000)
  )
}
