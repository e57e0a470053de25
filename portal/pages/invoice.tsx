import { formatUnitPrice, type InvoiceDetail, type Proof, type StatementLine } from '#billing/contract'
import { CloseBadge, InvoiceStatus } from '../components/invoice-badges.tsx'
import { Badge, Head } from '../components/parts.tsx'
import { formatCount, formatUnits } from '../format/numbers.ts'
import { formatAmount } from '../format/prices.ts'
import { formatDate, formatPeriod, formatPeriodExactly } from '../format/time.ts'

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
        totalMinor={invoice.totalMinor}
        invoice={invoice}
      />
      {invoice.proof && <ProofCard proof={invoice.proof} unit={invoice.unit} />}
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
                Total
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

/** metered + carried in − carried out − waived = reported = invoiced, each term with its number. */
function ProofCard({ proof, unit }: { proof: Proof; unit: string }) {
  const terms: readonly (readonly [string, string, number])[] = [
    ['', 'Metered', proof.meteredUnits],
    ['+', 'Carried in', proof.carriedInUnits],
    ['−', 'Carried out', proof.carriedOutUnits],
    ['−', 'Waived', proof.waivedUnits],
    ['=', 'Reported', proof.reportedUnits],
    ['=', 'Invoiced', proof.invoicedUnits],
  ]
  return (
    <section class="card stack-m" aria-labelledby="proof-title">
      <div class="row spread">
        <h2 id="proof-title">Proof</h2>
        {proof.holds ? (
          <Badge tone="good">metered = reported = invoiced</Badge>
        ) : (
          <Badge tone="bad">the numbers differ: we check this invoice</Badge>
        )}
      </div>
      <dl class="proof">
        {terms.map(([sign, name, units]) => (
          <div data-sign={sign || undefined}>
            <dt>{name}</dt>
            <dd>{formatCount(units)}</dd>
          </div>
        ))}
      </dl>
      <p class="fine">
        {`In ${unit}s. Metered: ${formatUnits(proof.meteredUnits, unit)} on record for this period. Carried: usage that reached us after an earlier invoice was closed, or after this one. Waived: what slipped past a spend cap.`}
      </p>
    </section>
  )
}
