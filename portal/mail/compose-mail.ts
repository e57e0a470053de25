import * as z from 'zod/mini'
import { billingEvents, formatMinor } from '#billing/contract'
import { formatUnits } from '../format/numbers.ts'
import { formatDate, formatPeriod } from '../format/time.ts'
import { type Mail, mail } from './mail.ts'
import { composePaymentMail } from './payment-mail.ts'

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
    case 'plan.migration_scheduled': {
      const { accountId, at, planName, flatFeeMinor, includedUnits, currency, unit } = z.parse(
        billingEvents[type],
        data,
      )
      const fee = formatMinor(BigInt(flatFeeMinor), currency)
      return mail(accountId, `${planName} changes on ${formatDate(at)}`, [
        `From ${formatDate(at)} (UTC), your next renewal, your plan ${planName} has new terms: ${fee} a month with ${formatUnits(includedUnits, unit)} included. Until then nothing changes.`,
        'If you do not want them, choose another plan or cancel before that day.',
        `All prices and limits: ${portalUrl}/plan`,
      ])
    }
    case 'plan.migration_undone': {
      const { accountId, planName } = z.parse(billingEvents[type], data)
      return mail(accountId, `${planName} stays as it is`, [
        `The change of your plan ${planName} that we wrote about does not take place. You keep your present terms.`,
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
    case 'payment.failed':
    case 'payment.authentication_needed':
    case 'payment.overdue':
    case 'payment.recovered':
    case 'suspension.placed':
    case 'suspension.lifted':
      return composePaymentMail(type, data, portalUrl)
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
