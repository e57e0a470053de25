import type { Child } from 'hono/jsx'
import type { AccountRow, InvoiceSummary, PaymentsView, SubscriptionView } from '#billing/contract'
import { Notice } from '../../components/form.tsx'
import { CloseBadge, InvoiceStatus } from '../../components/invoice-badges.tsx'
import { Head } from '../../components/parts.tsx'
import { formatUnits } from '../../format/numbers.ts'
import { formatAmount } from '../../format/prices.ts'
import { formatDate, formatInstant, formatPeriod } from '../../format/time.ts'
import { asAdmin } from '../../http/call.ts'
import { failedPage } from '../../http/outcome-pages.tsx'
import { type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'
import { Standing } from './accounts.tsx'
import { ACTIONS } from './actions.ts'
import { CreditTable, describeDiscount } from './credit-table.tsx'
import { CouponForm, CreditForm, HiddenForm, ReasonForm, RefundForm } from './forms.tsx'

/** One account as an administrator sees it: how it stands, and what can be done about it. */
export const accountPage: Pages = (app, ports) => {
  app.get('/admin/accounts/:id{acct_[0-9A-Za-z]{22}}', async c => {
    const accountId = c.req.param('id')
    const call = asAdmin(c, ports, signedIn(c))
    const [account, payments, listed, usage, person] = await Promise.all([
      ports.billing.adminGetAccount({ accountId }, call),
      ports.billing.getPayments({ accountId }, call),
      ports.billing.listInvoices({ accountId }, call),
      ports.billing.getSubscription({ accountId }, call),
      ports.accounts.get(accountId),
    ])
    const title = person?.email ?? 'Account'
    if (!account.ok) return failedPage(c, title, account)
    if (!payments.ok) return failedPage(c, title, payments)
    const invoices = listed.ok ? listed.value.invoices : []
    const done = c.req.query('done') ?? ''
    const token = c.get('formToken')()
    return page(
      c,
      { title },
      <div class="stack">
        <Head title={title} lede={<span class="mono">{accountId}</span>}>
          <a href={`/admin/audit?account=${accountId}`}>Audit trail</a>
        </Head>
        {Object.hasOwn(ACTIONS, done) && <Notice tone="good" title={ACTIONS[done]?.done ?? ''} />}
        <Facts row={account.value} payments={payments.value} usage={usage.ok ? usage.value : undefined} />
        <Trouble payments={payments.value} />
        <Invoices invoices={invoices} accountId={accountId} token={token} />
        <Credits row={account.value} payments={payments.value} token={token} />
        <Discounts row={account.value} payments={payments.value} token={token} />
        <section class="card stack-m">
          <h2>{account.value.blocks.includes('suspended') ? 'Lift the suspension' : 'Suspend'}</h2>
          {account.value.blocks.includes('suspended') ? (
            <ReasonForm
              {...{ accountId, token, action: 'unsuspend' }}
              label="Reason (kept in the audit trail)"
              button="Lift the suspension"
            />
          ) : (
            <ReasonForm
              {...{ accountId, token, action: 'suspend' }}
              label="Reason (the customer reads this)"
              button="Suspend"
            />
          )}
        </section>
      </div>,
    )
  })
}

function Facts({
  row,
  payments,
  usage,
}: {
  row: AccountRow
  payments: PaymentsView
  usage: SubscriptionView | undefined
}) {
  return (
    <section class="card">
      <dl class="facts">
        <dt>Plan</dt>
        <dd>
          {row.planName} <span class="fine mono">{row.planVersionId}</span>
        </dd>
        {usage && (
          <>
            <dt>This period</dt>
            <dd>
              {`${formatUnits(usage.unitsUsed, usage.plan.unit)} used, ${formatAmount(usage.costSoFarMinor, usage.currency)} so far`}
              <div class="fine">{`${formatPeriod(usage.segment)} (UTC)`}</div>
            </dd>
          </>
        )}
        {usage?.scheduled && (
          <>
            <dt>Scheduled</dt>
            <dd>{`${usage.scheduled.planName} follows on ${formatInstant(usage.scheduled.at)}`}</dd>
          </>
        )}
        <dt>Payments</dt>
        <dd>
          <Standing row={row} />
        </dd>
        <dt>Credit left</dt>
        <dd>{formatAmount(payments.creditMinor, payments.currency)}</dd>
        <dt>Since</dt>
        <dd>{formatInstant(row.openedAt)}</dd>
        <dt>Stripe</dt>
        <dd class="mono fine">
          {row.customerId ?? 'no customer yet'} {row.subscriptionId}
        </dd>
      </dl>
    </section>
  )
}

const SUSPENSIONS = {
  none: 'Suspended by an administrator',
  open: 'Suspended: a charge is disputed',
  lost: 'Suspended: a dispute was lost, and a decision is due',
} as const

function Trouble({ payments }: { payments: PaymentsView }) {
  return (
    <>
      {payments.suspensions.map(({ reason, since, dispute, invoiceId }) => (
        <Notice tone="bad" title={SUSPENSIONS[dispute ?? 'none']}>
          Since {formatInstant(since)}. {reason} {invoiceId && <span class="mono fine">{invoiceId}</span>}
        </Notice>
      ))}
      {payments.problems.map(problem => (
        <Notice tone={problem.blockedAt === null ? 'warn' : 'bad'} title="Unpaid invoice">
          {problem.number ?? 'A draft'} over {formatAmount(problem.remainingMinor, problem.currency)} fails
          since {formatInstant(problem.failedAt)}.{' '}
          {problem.needsAuthentication && 'The bank wants a confirmation. '}
          {problem.blockedAt === null ? 'Calls are refused from ' : 'Calls are refused since '}
          {formatInstant(problem.blockedAt ?? problem.blockAt)}.{' '}
          {problem.cancelledAt === null ? 'The subscription ends on ' : 'The subscription was ended on '}
          {formatInstant(problem.cancelledAt ?? problem.cancelAt)}.
        </Notice>
      ))}
    </>
  )
}

type Invoiced = { invoices: readonly InvoiceSummary[]; accountId: string; token: string }

function Invoices({ invoices, accountId, token }: Invoiced) {
  if (invoices.length === 0) return null
  return (
    <Section title="Invoices" id="invoices">
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Number</th>
              <th scope="col" class="num">
                Amount
              </th>
              <th scope="col">Status</th>
              <th scope="col" class="optional">
                Close
              </th>
              <th scope="col">
                <span class="hidden">Give back</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {invoices.map(invoice => (
              <tr>
                <th scope="row">
                  <InvoiceName {...{ invoice, accountId }} />
                  <div class="fine">{formatDate(invoice.createdAt)}</div>
                </th>
                <td class="num">{formatAmount(invoice.totalMinor, invoice.currency)}</td>
                <td>
                  <InvoiceStatus status={invoice.status} />
                </td>
                <td class="optional">
                  <CloseBadge close={invoice.close} />
                </td>
                <td class="num">
                  {(invoice.status === 'open' || invoice.status === 'paid') && (
                    <RefundForm {...{ accountId, token }} invoice={invoice} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

/** Leads to the close where there is one, else to Stripe's page. */
function InvoiceName({ invoice, accountId }: { invoice: InvoiceSummary; accountId: string }) {
  const { number, invoiceId, close, hostedUrl } = invoice
  const name = number ?? 'Draft'
  const href = close === null ? hostedUrl : `/admin/closes/${accountId}/${invoiceId}`
  return href ? <a href={href}>{name}</a> : <span>{name}</span>
}

type Of = { row: AccountRow; payments: PaymentsView; token: string }

function Credits({ row, payments, token }: Of) {
  const { accountId } = row
  if (row.customerId === null) return null
  return (
    <Section title="Credit" id="credit">
      {payments.credits.length > 0 && (
        <CreditTable
          credits={payments.credits}
          currency={payments.currency}
          action={({ grantId }) => (
            <HiddenForm {...{ accountId, token, action: 'void-credit' }} fields={{ grantId }}>
              Take back
            </HiddenForm>
          )}
        />
      )}
      <CreditForm {...{ accountId, token, currency: payments.currency }} />
    </Section>
  )
}

function Discounts({ row, payments, token }: Of) {
  const { accountId } = row
  if (row.subscriptionId === null) return null
  return (
    <Section title="Discounts" id="discounts">
      {payments.discounts.map(discount => (
        <div class="head">
          <span>{describeDiscount(discount)}</span>
          <HiddenForm
            {...{ accountId, token, action: 'remove-coupon' }}
            fields={{ discountId: discount.discountId }}
          >
            Remove
          </HiddenForm>
        </div>
      ))}
      <CouponForm {...{ accountId, token, currency: payments.currency }} />
    </Section>
  )
}

const Section = ({ title, id, children }: { title: string; id: string; children?: Child }) => (
  <section class="card flush" aria-labelledby={id}>
    <div class="head">
      <h2 id={id}>{title}</h2>
    </div>
    {children}
  </section>
)
