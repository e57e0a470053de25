import * as z from 'zod/mini'
import { billingEvents, formatMinor } from '#billing/contract'
import { formatDate, formatPeriod } from '../format/time.ts'

export type Mail = { readonly accountId: string; readonly subject: string; readonly text: string }

/**
 * The mail about a fact from billing; undefined for facts nobody is written about. Plain and short: what happened, what
 * it means, where to look. Throws when the fact does not match its schema.
 */
export function composeMail(type: string, data: unknown, portalUrl: string): Mail | undefined {
  switch (type) {
    case 'plan.changed': {
      const { accountId, planName } = z.parse(billingEvents[type], data)
      return mail(accountId, `You are on ${planName}`, [
        `Your plan is now ${planName}. Its limits and its price are in force.`,
        `Your plan: ${portalUrl}/plan`,
      ])
    }
    case 'invoice.closed': {
      const { accountId, invoiceId, number, period, currency, totalMinor, equal } = z.parse(
        billingEvents[type],
        data,
      )
      const total = formatMinor(BigInt(totalMinor), currency)
      return mail(accountId, `Invoice ${number}: ${total}`, [
        `Your invoice ${number} for ${formatPeriod(period)} (UTC) is ready: ${total}.`,
        equal
          ? 'It was compared with your recorded calls, and every line matches.'
          : 'A difference to your recorded calls was found and is settled on your account; the page shows how.',
        `Lines and proof: ${portalUrl}/billing/${invoiceId}`,
      ])
    }
    case 'payment.failed': {
      const { accountId, invoiceId, failedAt } = z.parse(billingEvents[type], data)
      return mail(accountId, 'A payment did not go through', [
        `The payment of your invoice failed on ${formatDate(failedAt)}. Nothing is lost and your keys work.`,
        `Check your card, or pay the invoice there: ${portalUrl}/billing/${invoiceId}`,
      ])
    }
    default:
      return undefined
  }
}

const mail = (accountId: string, subject: string, paragraphs: readonly string[]): Mail => ({
  accountId,
  subject,
  text: `${['Hello,', ...paragraphs, 'Tollgate'].join('\n\n')}\n`,
})
