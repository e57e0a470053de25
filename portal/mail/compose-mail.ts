import * as z from 'zod/mini'
import { billingEvents, formatMinor } from '#billing/contract'
import { formatUnits } from '../format/numbers.ts'
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
    case 'spend.threshold_reached':
      return composeThreshold(z.parse(billingEvents[type], data), portalUrl)
    default:
      return undefined
  }
}

type Threshold = z.output<(typeof billingEvents)['spend.threshold_reached']>

function composeThreshold(fact: Threshold, portalUrl: string): Mail {
  const { accountId, percent, of, limitUnits, limitMinor, currency } = fact
  const units = formatUnits(limitUnits, fact.unit)
  const until = `until ${formatDate(fact.segment.end)} (UTC), when the next period begins`
  const usage = `Your usage: ${portalUrl}/usage`
  if (of === 'spend_cap') {
    const cap = limitMinor === null ? units : formatMinor(BigInt(limitMinor), currency)
    return percent < 100
      ? mail(accountId, `${percent} % of your spend cap is used`, [
          `Your usage charges of this period have reached ${percent} % of your cap of ${cap}.`,
          'At the cap calls are refused; nothing beyond it is charged.',
          usage,
        ])
      : mail(accountId, 'Your spend cap is reached', [
          `Your usage charges of this period have reached your cap of ${cap}. Further calls are refused ${until}.`,
          `Your plan and your cap: ${portalUrl}/plan`,
        ])
  }
  if (of === 'hard_limit') {
    return percent < 100
      ? mail(accountId, `${percent} % of your ${units} are used`, [
          `You have used ${percent} % of the ${units} that ${fact.planName} allows in this period.`,
          'Beyond them calls are refused.',
          usage,
        ])
      : mail(accountId, `All ${units} are used`, [
          `You have used all ${units} that ${fact.planName} allows. Further calls are refused ${until}.`,
          `More units: ${portalUrl}/plan`,
        ])
  }
  const left = percent < 100 ? 'Nothing changes yet.' : 'Calls go on, and each further one is charged.'
  return mail(accountId, `${percent} % of your included ${fact.unit}s are used`, [
    `You have used ${percent} % of the ${units} that are included in ${fact.planName} this period. ${left}`,
    usage,
  ])
}

const mail = (accountId: string, subject: string, paragraphs: readonly string[]): Mail => ({
  accountId,
  subject,
  text: `${['Hello,', ...paragraphs, 'Tollgate'].join('\n\n')}\n`,
})
