import type { PaymentProblem, PaymentsView, Suspension } from '#billing/contract'
import { Notice } from '../../components/form.tsx'
import { formatAmount } from '../../format/prices.ts'
import { formatDate, formatInstant } from '../../format/time.ts'

/** What is wrong with the payments of an account, what happens when, and the one thing to do about each. */
export function PaymentNotices({ payments }: { payments: PaymentsView }) {
  return (
    <>
      {payments.suspensions.map(suspension => (
        <SuspensionNotice suspension={suspension} />
      ))}
      {payments.problems.map(problem => (
        <ProblemNotice problem={problem} />
      ))}
    </>
  )
}

function SuspensionNotice({ suspension }: { suspension: Suspension }) {
  const { reason, since, invoiceId } = suspension
  return (
    <Notice tone="bad" title="Your account is suspended">
      <p>
        All calls are refused since {formatInstant(since)}. {reason}
      </p>
      {invoiceId && (
        <p>
          What you were charged for, down to each request, is on{' '}
          <a href={`/billing/${invoiceId}`}>the disputed invoice</a>, with its proof to download. If the
          charge is right, ask your bank to withdraw the dispute.
        </p>
      )}
      <p>If you think that this is a mistake, answer the mail that we sent you.</p>
    </Notice>
  )
}

function ProblemNotice({ problem }: { problem: PaymentProblem }) {
  const { blockedAt, needsAuthentication, hostedUrl, invoiceId } = problem
  const name = `${problem.number === null ? 'An invoice' : `Invoice ${problem.number}`} over ${formatAmount(problem.remainingMinor, problem.currency)}`
  return (
    <Notice
      tone={blockedAt === null ? 'warn' : 'bad'}
      title={
        blockedAt !== null
          ? 'Calls are refused: an invoice is unpaid'
          : needsAuthentication
            ? 'Your bank asks you to confirm a payment'
            : 'A payment did not go through'
      }
    >
      <p>
        {name} is unpaid since {formatDate(problem.failedAt)}. <WhatHappens problem={problem} />
      </p>
      <p class="row">
        {hostedUrl && (
          <a class="button primary small" href={hostedUrl}>
            {needsAuthentication ? 'Confirm the payment' : 'Pay it now'}
          </a>
        )}
        <a class="button small" href={`/billing/${invoiceId}`}>
          What it is for
        </a>
      </p>
    </Notice>
  )
}

function WhatHappens({ problem }: { problem: PaymentProblem }) {
  if (problem.cancelledAt !== null)
    return <>Your subscription has ended because of it. Calls work again within two minutes of the payment.</>
  if (problem.blockedAt !== null)
    return (
      <>
        Calls work again within two minutes of the payment. If it stays unpaid, your subscription ends on{' '}
        {formatInstant(problem.cancelAt)}.
      </>
    )
  return (
    <>
      Your keys work. If it is not paid by {formatInstant(problem.blockAt)}, calls are refused until it is; on{' '}
      {formatDate(problem.cancelAt)} the subscription would end.
    </>
  )
}
