import type { Remainder } from '#billing/contract'
import type { Tone } from '../../components/form.tsx'
import { Badge } from '../../components/parts.tsx'
import { formatUnits } from '../../format/numbers.ts'
import { formatAmount } from '../../format/prices.ts'
import { formatDate, formatPeriod } from '../../format/time.ts'

const KINDS: Readonly<Record<Remainder['kind'], readonly [string, Tone | undefined]>> = {
  invoice: ['On an invoice of its own', undefined],
  waiver: ['Not charged', 'good'],
  credit: ['Credited to you', 'good'],
}

/** Usage of an ended subscription that no further invoice could carry, and what became of it. */
export function RemainderCard({ remainders, unit }: { remainders: readonly Remainder[]; unit: string }) {
  if (remainders.length === 0) return null
  return (
    <section class="card flush" aria-labelledby="remainders-title">
      <div class="head">
        <div>
          <h2 id="remainders-title">Remainders of ended subscriptions</h2>
          <p class="fine">Usage that was recorded after the last invoice, or billed too much by it.</p>
        </div>
      </div>
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Period (UTC)</th>
              <th scope="col" class="num">
                Units
              </th>
              <th scope="col" class="num">
                Amount
              </th>
              <th scope="col">What became of it</th>
            </tr>
          </thead>
          <tbody>
            {remainders.map(remainder => (
              <tr>
                <th scope="row">{formatPeriod(remainder.period)}</th>
                <td class="num">{formatUnits(remainder.units, unit)}</td>
                <td class="num">{formatAmount(remainder.amountMinor, remainder.currency)}</td>
                <td>
                  <Outcome remainder={remainder} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Outcome({ remainder: { kind, invoiceId, settledAt } }: { remainder: Remainder }) {
  const [name, tone] = KINDS[kind]
  return (
    <>
      {invoiceId ? <a href={`/billing/${invoiceId}`}>{name}</a> : <Badge tone={tone}>{name}</Badge>}
      <div class="fine">{settledAt === null ? 'Under way' : formatDate(settledAt)}</div>
    </>
  )
}
