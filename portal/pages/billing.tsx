import type { InvoiceSummary, PlanVersion, SubscriptionView } from '#billing/contract'
import { isFree } from '#billing/contract'
import { Notice, Token } from '../components/form.tsx'
import { CloseBadge, InvoiceStatus } from '../components/invoice-badges.tsx'
import { Empty, Head } from '../components/parts.tsx'
import { formatAmount } from '../format/prices.ts'
import { formatDate, formatPeriod } from '../format/time.ts'
import type { AppContext } from '../http/app-env.ts'
import { asCustomer } from '../http/call.ts'
import { failedPage, notFoundPage } from '../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../http/ports.ts'
import { page } from '../http/render.tsx'
import { RemainderCard } from './closes/remainder-card.tsx'
import { InvoiceView } from './invoice.tsx'
import { Benefits } from './payments/credit-table.tsx'
import { PaymentNotices } from './payments/notices.tsx'

/** Stripe's ids; anything else is not asked for. */
const INVOICE_ID = /^[A-Za-z0-9_]{3,80}$/

/** The next invoice so far, the invoices, one invoice explained, and the way to Stripe's page for cards. */
export const billingPages: Pages = (app, ports) => {
  app.get('/billing', c => billingPage(c, ports))

  app.post('/billing/payment-method', async c => {
    const user = signedIn(c)
    const opened = await ports.billing.openBillingPortal(
      { accountId: user.accountId, returnUrl: `${ports.portalUrl}/billing` },
      asCustomer(c, ports, user),
    )
    return opened.ok ? c.redirect(opened.value.url, 303) : billingPage(c, ports, opened.message)
  })

  app.get('/billing/:invoiceId', async c => {
    const user = signedIn(c)
    const { invoiceId } = c.req.param()
    if (!INVOICE_ID.test(invoiceId)) return notFoundPage(c)
    const found = await ports.billing.getInvoice(
      { accountId: user.accountId, invoiceId },
      asCustomer(c, ports, user),
    )
    const title = 'Invoice'
    if (!found.ok) return failedPage(c, title, found)
    return page(c, { title }, <InvoiceView invoice={found.value} />)
  })
}

async function billingPage(c: AppContext, ports: PagePorts, refusal?: string) {
  const user = signedIn(c)
  const call = asCustomer(c, ports, user)
  const [subscription, listed, payments, remainders, plans] = await Promise.all([
    ports.billing.getSubscription({ accountId: user.accountId }, call),
    ports.billing.listInvoices({ accountId: user.accountId }, call),
    ports.billing.getPayments({ accountId: user.accountId }, call),
    ports.billing.listRemainders({ accountId: user.accountId }, call),
    ports.billing.listPlans({}, call),
  ])
  const title = 'Billing'
  if (!subscription.ok) return failedPage(c, title, subscription)
  if (!listed.ok) return failedPage(c, title, listed)
  if (!payments.ok) return failedPage(c, title, payments)
  if (!remainders.ok) return failedPage(c, title, remainders)
  const { invoices } = listed.value
  const paying = !isFree(subscription.value.plan)
  const onSale = plans.ok ? plans.value.plans : []
  return page(
    c,
    { title, status: refusal ? 409 : 200 },
    <div class="stack">
      <Head title={title}>
        {(paying || invoices.length > 0) && (
          <form method="post" action="/billing/payment-method" data-once>
            <Token value={c.get('formToken')()} />
            <button class="small" type="submit">
              Card, address, receipts
            </button>
          </form>
        )}
      </Head>
      {refusal && (
        <Notice tone="bad" title="The page could not be opened">
          {refusal} Nothing was changed.
        </Notice>
      )}
      <PaymentNotices payments={payments.value} />
      {paying && <NextInvoice view={subscription.value} next={planAfter(subscription.value, onSale)} />}
      {invoices.length === 0 ? (
        <Empty title="No invoices">
          <p>
            {paying
              ? 'Your invoices will be listed here, each with its lines and the proof that it matches your calls.'
              : 'Free costs nothing, so there is nothing to pay. With a paid plan your invoices are listed here.'}
          </p>
          {!paying && (
            <a class="button" href="/plan">
              Compare plans
            </a>
          )}
        </Empty>
      ) : (
        <Invoices invoices={invoices} />
      )}
      <RemainderCard remainders={remainders.value.remainders} unit={subscription.value.plan.unit} />
      <Benefits {...payments.value} />
    </div>,
  )
}

/** The plan whose fee the next invoice carries: the one that is scheduled, else the present one. */
const planAfter = ({ plan, scheduled }: SubscriptionView, onSale: readonly PlanVersion[]): PlanVersion =>
  (scheduled && onSale.find(({ id }) => id === scheduled.planId)) || plan

/** What the next invoice would say if the period ended now: usage in arrears, the next month's fee in advance. */
function NextInvoice({ view, next }: { view: SubscriptionView; next: PlanVersion }) {
  const { plan, currency, segment } = view
  const usageMinor = BigInt(view.costSoFarMinor) - BigInt(plan.flatFeeMinor)
  return (
    <section class="card flush" aria-labelledby="next-title">
      <div class="head">
        <h2 id="next-title">Next invoice, so far</h2>
        <span class="fine">due on {formatDate(segment.end)}</span>
      </div>
      <div class="scroll" tabindex={0}>
        <table>
          <tbody>
            <tr>
              <th scope="row">Usage beyond what is included</th>
              <td class="muted optional">{formatPeriod(segment)}</td>
              <td class="num">{formatAmount(String(usageMinor), currency)}</td>
            </tr>
            {!isFree(next) && (
              <tr>
                <th scope="row">{next.name}, the month after</th>
                <td class="muted optional">from {formatDate(segment.end)}</td>
                <td class="num">{formatAmount(next.flatFeeMinor, currency)}</td>
              </tr>
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Total so far, before tax</th>
              <td class="optional"></td>
              <td class="num">{formatAmount(String(usageMinor + BigInt(next.flatFeeMinor)), currency)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  )
}

function Invoices({ invoices }: { invoices: readonly InvoiceSummary[] }) {
  return (
    <section class="card flush" aria-labelledby="invoices-title">
      <div class="head">
        <h2 id="invoices-title">Invoices</h2>
      </div>
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Number</th>
              <th scope="col" class="optional">
                Period (UTC)
              </th>
              <th scope="col" class="num">
                Amount
              </th>
              <th scope="col">Status</th>
              <th scope="col" class="optional">
                Compared
              </th>
              <th scope="col" class="optional">
                <span class="hidden">File</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {invoices.map(invoice => (
              <tr>
                <th scope="row" class="nowrap">
                  <a href={`/billing/${invoice.invoiceId}`}>{invoice.number ?? 'Draft'}</a>
                  <span class="fine phone-only">{formatPeriod(invoice.period)}</span>
                </th>
                <td class="nowrap optional">{formatPeriod(invoice.period)}</td>
                <td class="num">{formatAmount(invoice.totalMinor, invoice.currency)}</td>
                <td>
                  <InvoiceStatus status={invoice.status} />
                </td>
                <td class="optional">
                  <CloseBadge close={invoice.close} />
                </td>
                <td class="num optional">{invoice.pdfUrl && <a href={invoice.pdfUrl}>PDF</a>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
