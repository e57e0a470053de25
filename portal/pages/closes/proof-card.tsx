import type { InvoiceDetail, Proof } from '#billing/contract'
import { Badge } from '../../components/parts.tsx'
import { formatCount, formatUnits } from '../../format/numbers.ts'

/** metered + carried in − carried out − waived = reported = invoiced − credited, each term with its number. */
export function ProofCard({ proof, unit, children }: { proof: Proof; unit: string; children?: unknown }) {
  const credited = proof.creditedUnits ?? 0
  const terms: readonly (readonly [string, string, number])[] = [
    ['', 'Metered', proof.meteredUnits],
    ['+', 'Carried in', proof.carriedInUnits],
    ['−', 'Carried out', proof.carriedOutUnits],
    ['−', 'Waived', proof.waivedUnits],
    ['=', 'Reported', proof.reportedUnits],
    ['=', 'Invoiced', proof.invoicedUnits],
    ...(credited === 0 ? [] : ([['−', 'Credited', credited]] as const)),
  ]
  return (
    <section class="card stack-m" aria-labelledby="proof-title">
      <div class="row spread">
        <h2 id="proof-title">Proof</h2>
        <ProofBadge proof={proof} />
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
        {`In ${unit}s. Metered: ${formatUnits(proof.meteredUnits, unit)} on record for this period. Carried in: recorded after an earlier invoice was closed, or (negative) billed too much by it. Carried out: left to the next invoice. Waived: never billed, because it slipped past a spend cap or because we said so.`}
      </p>
      {missing(proof) !== 0 && (
        <p class="fine">
          {missing(proof) > 0
            ? `Stripe invoiced ${formatUnits(missing(proof), unit)} less than was reported: they are on the next invoice, under “carried in”.`
            : `Stripe invoiced ${formatUnits(-missing(proof), unit)} more than was reported: they lower the next invoice, under “carried in”.`}
        </p>
      )}
      {children}
    </section>
  )
}

const missing = ({ reportedUnits, invoicedUnits, creditedUnits = 0 }: Proof): number =>
  reportedUnits - (invoicedUnits - creditedUnits)

function ProofBadge({ proof }: { proof: Proof }) {
  if (!proof.holds) return <Badge tone="warn">invoiced differs from reported: carried over</Badge>
  return proof.creditedUnits ? (
    <Badge tone="good">metered = reported = invoiced − credited</Badge>
  ) : (
    <Badge tone="good">metered = reported = invoiced</Badge>
  )
}

/** Ways down from the proof: to the requests, and to the files that can be checked elsewhere. */
export function ProofLinks({ invoice }: { invoice: InvoiceDetail }) {
  return (
    <div class="row">
      <a class="button" href={`/billing/${invoice.invoiceId}/explain`}>
        Explain this invoice
      </a>
      {invoice.proofFiles ? (
        <a class="button" href={`/billing/${invoice.invoiceId}/files`}>
          Download the proof
        </a>
      ) : (
        <span class="fine">The files to download are being written.</span>
      )}
    </div>
  )
}
