import * as z from 'zod/mini'
import { billingEvents, formatMinor } from '#billing/contract'
import { formatDate, formatInstant } from '../format/time.ts'
import { type Mail, mail } from './mail.ts'

type Unpaid = z.output<(typeof billingEvents)['payment.failed']>
export type PaymentFact =
  | 'payment.failed'
  | 'payment.authentication_needed'
  | 'payment.overdue'
  | 'payment.recovered'
  | 'suspension.placed'
  | 'suspension.lifted'

/** Mails about payments and suspensions: what happened, what happens when, and where to pay. */
export function composePaymentMail(type: PaymentFact, data: unknown, portalUrl: string): Mail {
  switch (type) {
    case 'payment.failed': {
      const fact = z.parse(billingEvents[type], data)
      return fact.needsAuthentication ? confirmation(fact, portalUrl) : failure(fact, portalUrl)
    }
    case 'payment.authentication_needed':
      return confirmation(z.parse(billingEvents[type], data), portalUrl)
    case 'payment.overdue':
      return overdue(z.parse(billingEvents[type], data), portalUrl)
    case 'payment.recovered':
      return recovery(z.parse(billingEvents[type], data), portalUrl)
    case 'suspension.placed': {
      const { accountId, reason, invoiceId } = z.parse(billingEvents[type], data)
      return mail(accountId, 'Your account is suspended', [
        `All calls of your account are refused from now on. The reason: ${reason}`,
        ...(invoiceId === null
          ? []
          : [`What you were charged for, down to each request: ${portalUrl}/billing/${invoiceId}`]),
        'If you think that this is a mistake, answer this mail.',
        `Your account: ${portalUrl}/billing`,
      ])
    }
    case 'suspension.lifted': {
      const { accountId } = z.parse(billingEvents[type], data)
      return mail(accountId, 'A suspension of your account was lifted', [
        'Unless something else blocks your account, calls work again within two minutes.',
        `Your account: ${portalUrl}/billing`,
      ])
    }
  }
}

const failure = (fact: Unpaid, portalUrl: string): Mail =>
  mail(fact.accountId, 'A payment did not go through', [
    `The payment of ${nameOf(fact)} failed on ${formatDate(fact.failedAt)}. Nothing is lost and your keys work.`,
    whenBlocked(fact),
    payAt(fact, portalUrl),
  ])

const confirmation = (fact: Unpaid, portalUrl: string): Mail =>
  mail(fact.accountId, 'Your bank asks you to confirm a payment', [
    `Your bank wants you to confirm the payment of ${nameOf(fact)}. This cannot be done without you.`,
    `Confirm it there: ${fact.hostedUrl ?? `${portalUrl}/billing`}`,
    whenBlocked(fact),
  ])

type Overdue = z.output<(typeof billingEvents)['payment.overdue']>

function overdue(fact: Overdue, portalUrl: string): Mail {
  const { accountId, stage } = fact
  const name = nameOf(fact)
  switch (stage) {
    case 'reminder':
      return mail(accountId, 'An invoice is still unpaid', [
        `The payment of ${name} has not gone through yet.`,
        whenBlocked(fact),
        payAt(fact, portalUrl),
      ])
    case 'last_warning':
      return mail(accountId, `Calls will be refused from ${formatDate(fact.blockAt)}`, [
        `The payment of ${name} has not gone through. Calls are refused from ${formatInstant(fact.blockAt)} until it is paid.`,
        payAt(fact, portalUrl),
      ])
    case 'blocked':
      return mail(accountId, 'Calls are refused: an invoice is unpaid', [
        `The payment of ${name} has not gone through, so calls with your keys are refused now.`,
        'They work again within two minutes of the payment. Nothing of your account is lost.',
        `If it stays unpaid, your subscription ends on ${formatDate(fact.cancelAt)} (UTC).`,
        payAt(fact, portalUrl),
      ])
    case 'cancelled':
      return mail(accountId, 'Your subscription has ended', [
        `The payment of ${name} did not go through, so your subscription has ended. Usage up to now is on a final invoice.`,
        'Calls are refused until what is open is paid. Then your account goes on on Free.',
        payAt(fact, portalUrl),
      ])
  }
}

type Recovered = z.output<(typeof billingEvents)['payment.recovered']>

function recovery({ accountId, number, how, wasBlocked }: Recovered, portalUrl: string): Mail {
  const invoice = number === null ? 'Your invoice' : `Invoice ${number}`
  const paid = how === 'paid'
  return mail(
    accountId,
    paid ? 'Your payment went through' : 'An invoice does not have to be paid any more',
    [
      paid ? `${invoice} is paid. Thank you.` : `${invoice} was withdrawn: there is nothing to pay.`,
      ...(wasBlocked ? ['Unless another invoice is overdue, calls work again within two minutes.'] : []),
      `Your invoices: ${portalUrl}/billing`,
    ],
  )
}

const nameOf = ({ number, remainingMinor, currency }: Unpaid): string =>
  `${number === null ? 'your invoice' : `invoice ${number}`} over ${formatMinor(BigInt(remainingMinor), currency)}`

const whenBlocked = ({ blockAt }: Unpaid): string =>
  `We try again, and you can pay at any time. If it is not paid by ${formatInstant(blockAt)}, calls are refused until it is.`

const payAt = ({ hostedUrl, invoiceId }: Unpaid, portalUrl: string): string =>
  `${hostedUrl === null ? '' : `Pay it there: ${hostedUrl}\n`}Your card and what you are charged for: ${portalUrl}/billing/${invoiceId}`
