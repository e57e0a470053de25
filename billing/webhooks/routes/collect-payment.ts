import { isFailing } from '../../payments/dunning.ts'
import { getDunning } from '../../payments/dunning-record.ts'
import { startCollecting } from '../../payments/start-collecting.ts'
import { idle, type Route } from '../route.ts'
import { accountOf } from './usage-invoice.ts'

/** The payment of an invoice failed, or the bank wants a confirmation: it is collected from now on. */
export const collectPayment: Route = async (ports, invoiceId, now) => {
  const invoice = await ports.stripe.getCollection(invoiceId)
  const accountId = await accountOf(ports, invoice)
  if (accountId === undefined) return idle('not a customer of ours')
  if (!(await isFailing(ports.stripe, invoice))) return idle('the invoice is not failing')
  const record = await getDunning(ports.billing, { accountId, invoiceId })
  // A bank's question is told at once, although the execution waits for the next reminder.
  const wake = invoice.needsAuthentication && record !== undefined && !record.told.includes('authentication')
  return startCollecting(ports, { accountId, invoiceId }, now, { wake })
}

/** An invoice was paid, voided or written off: who waits for it looks now. */
export const recoverPayment: Route = async (ports, invoiceId, now) => {
  const invoice = await ports.stripe.getCollection(invoiceId)
  const accountId = await accountOf(ports, invoice)
  if (accountId === undefined) return idle('not a customer of ours')
  const record = await getDunning(ports.billing, { accountId, invoiceId })
  if (!record || record.finishedAt !== undefined) return idle('nobody waits for it')
  if (invoice.status === 'open') return idle('the invoice is open')
  return startCollecting(ports, { accountId, invoiceId }, now, { wake: true })
}
