import { formatUnitPrice, type InvoiceDetail, type StatementLine } from '#billing/contract'
import { CloseBadge, InvoiceStatus } from '../components/invoice-badges.tsx'
import { Head } from '../components/parts.tsx'
import { formatCount } from '../format/numbers.ts'
import { formatAmount } from '../format/prices.ts'
import { formatDate, formatPeriod, formatPeriodExactly } from '../format/time.ts'
import { ProofCard, ProofLinks } from './closes/proof-card.tsx'
import { SettlementCard } from './closes/settlement-card.tsx'

/** One invoice: Stripe's lines, the proof that they are the customer's calls, and our own rating of the same calls. */
export function InvoiceView({ invoice }: { invoice: InvoiceDetail }) {
  return (
    <div class="stack">
      <Head
        title={invoice.number ? `Invoice ${invoice.number}` : 'Draft invoice'}
        lede={`${invoice.planName}, created ${formatDate(invoice.createdAt)}`}
      >
        <span class="row">
          <InvoiceStatus status={invoice.status} />
          {invoice.hostedUrl && (
            <a href={invoice.hostedUrl}>{invoice.status === 'open' ? 'Pay' : 'Receipt'}</a>
          )}
          {invoice.pdfUrl && <a href={invoice.pdfUrl}>PDF</a>}
        </span>
      </Head>
      <dl class="facts">
        <dt>{invoice.close === null ? 'Paid for' : 'Usage period'}</dt>
        <dd>{formatPeriodExactly(invoice.period)}</dd>
        <dt>Compared with your calls</dt>
        <dd>
          <CloseBadge close={invoice.close} />
        </dd>
      </dl>
      <Lines
        title="Lines"
        note="As invoiced by Stripe."
        lines={invoice.lines.map(line => ({
          ...line,
          description: plainName(line, invoice),
          asInvoiced: line.description,
        }))}
        totalMinor={invoice.settlement?.subtotalMinor ?? invoice.totalMinor}
        invoice={invoice}
      />
      <SettlementCard invoice={invoice} />
      {invoice.proof && (
        <ProofCard proof={invoice.proof} unit={invoice.unit}>
          <ProofLinks invoice={invoice} />
        </ProofCard>
      )}
      {invoice.statement && (
        <Lines
          title="Our statement of the same"
          note="Rated again from the recorded calls, independently of Stripe."
          lines={invoice.statement.lines}
          totalMinor={invoice.statement.totalMinor}
          invoice={invoice}
        />
      )}
    </div>
  )
}

/** `asInvoiced`: Stripe's own words for the line, where `description` says it plainly. */
type ShownLine = StatementLine & { readonly asInvoiced?: string }

function Lines({
  title,
  note,
  lines,
  totalMinor,
  invoice,
}: {
  title: string
  note?: string
  lines: readonly ShownLine[]
  totalMinor: string
  invoice: InvoiceDetail
}) {
  return (
    <section class="card flush" aria-label={title}>
      <div class="head">
        <div>
          <h2>{title}</h2>
          {note && <p class="fine">{note}</p>}
        </div>
      </div>
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" class="num">
                Quantity
              </th>
              <th scope="col" class="optional">
                Price
              </th>
              <th scope="col" class="num">
                Amount
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(line => (
              <tr>
                <th scope="row">
                  {line.description}
                  <div class="fine">{formatPeriod(line.period)}</div>
                  {line.asInvoiced && <div class="fine">{line.asInvoiced}</div>}
                  <span class="fine phone-only">{priceOf(line, invoice)}</span>
                </th>
                <td class="num">{formatCount(line.quantity)}</td>
                <td class="optional">{priceOf(line, invoice)}</td>
                <td class="num">{formatAmount(line.amountMinor, invoice.currency)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colspan={2}>
                Sum
              </th>
              <td class="optional"></td>
              <td class="num">{formatAmount(totalMinor, invoice.currency)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  )
}

/** What Stripe words as `466 check × Starter (Tier 2 at $0.0015 / month)`. */
function plainName(line: StatementLine, { planName, unit }: InvoiceDetail): string {
  if (line.kind === 'flat_fee') return `${planName}, monthly fee`
  if (line.kind === 'tier') return isIncluded(line) ? `Included ${unit}s` : `Further ${unit}s`
  return line.description
}

const isIncluded = (line: StatementLine): boolean => /^0+(\.0*)?$/.test(line.unitPriceMinor)

function priceOf(line: StatementLine, { currency, unit }: InvoiceDetail): string {
  if (line.kind === 'tier')
    return isIncluded(line) ? 'included' : formatUnitPrice(line.unitPriceMinor, currency, unit)
  return line.kind === 'flat_fee' ? 'a month' : ''
}
