import type { InvoiceDetail, Settlement } from '#billing/contract'
import { formatAmount } from '../../format/prices.ts'
import { formatDate } from '../../format/time.ts'

/** From the lines to what was paid, as Stripe computed it: discounts, credit, tax, balance, credit notes, refunds. */
export function SettlementCard({ invoice }: { invoice: InvoiceDetail }) {
  const { settlement, currency } = invoice
  if (!settlement) return null
  return (
    <section class="card flush" aria-labelledby="settlement-title">
      <div class="head">
        <div>
          <h2 id="settlement-title">From the lines to what is paid</h2>
          <p class="fine">Discounts, credit and tax are computed by Stripe and copied from there.</p>
        </div>
      </div>
      <div class="scroll" tabindex={0}>
        <table>
          <tbody>
            {rowsOf(settlement, currency).map(([name, amount, note]) => (
              <tr>
                <th scope="row">
                  {name}
                  {note && <div class="fine">{note}</div>}
                </th>
                <td class="num">{amount}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Still to be paid</th>
              <td class="num">{formatAmount(settlement.remainingMinor, currency)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  )
}

type Row = readonly [name: string, amount: string, note?: string | null]

function rowsOf(settlement: Settlement, currency: string): Row[] {
  const amount = (minor: string) => formatAmount(minor, currency)
  const minus = (minor: string) => amount(String(-BigInt(minor)))
  const unlessZero = (minor: string, row: Row): Row[] => (minor === '0' ? [] : [row])
  const { discountMinor, creditsMinor, fromBalanceMinor, paidMinor } = settlement
  return [
    ['Sum of the lines', amount(settlement.subtotalMinor)],
    ...unlessZero(discountMinor, ['Discount', minus(discountMinor)]),
    ...unlessZero(creditsMinor, ['Credit used', minus(creditsMinor)]),
    ['Tax', amount(settlement.taxMinor)],
    ['Total', amount(settlement.totalMinor)],
    ...unlessZero(fromBalanceMinor, balanceRow(fromBalanceMinor, amount)),
    ...settlement.creditNotes.map((note): Row => {
      const state = note.isVoid ? ', void' : ''
      const name = `Credit note ${note.number}, ${formatDate(note.createdAt)}${state}`
      return [name, note.isVoid ? '–' : minus(note.amountMinor), describeNote(note, amount)]
    }),
    ['Paid', amount(paidMinor)],
    ...settlement.refunds.map(
      (refund): Row => [
        `Refund, ${formatDate(refund.createdAt)}`,
        minus(refund.amountMinor),
        refund.status === 'succeeded' ? null : refund.status,
      ],
    ),
  ]
}

const balanceRow = (minor: string, amount: (minor: string) => string): Row => [
  'Balance',
  amount(String(-BigInt(minor))),
  BigInt(minor) > 0n
    ? 'Paid from your balance, or put on it as too small to charge.'
    : 'From your last invoice.',
]

function describeNote(
  { memo, refundedMinor, toBalanceMinor }: Settlement['creditNotes'][number],
  amount: (minor: string) => string,
): string | null {
  const parts = [
    memo,
    refundedMinor === '0' ? null : `${amount(refundedMinor)} sent back`,
    toBalanceMinor === '0' ? null : `${amount(toBalanceMinor)} to your balance`,
  ].filter(part => part !== null)
  return parts.length > 0 ? parts.join('; ') : null
}
