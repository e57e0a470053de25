import type { AmountLine, ChangePreview } from '#billing/contract'
import type { Failure } from '#kernel/result'
import { Notice, Token } from '../../components/form.tsx'
import { Head } from '../../components/parts.tsx'
import { formatCount } from '../../format/numbers.ts'
import { formatAmount } from '../../format/prices.ts'
import { formatInstant } from '../../format/time.ts'

type Props = { readonly preview: ChangePreview }

/** What a change costs and when it holds, line by line, with the one button that makes it exactly so. */
export function ConfirmChange({
  preview,
  failure,
  token,
}: Props & { readonly failure?: Failure | undefined; readonly token: string }) {
  const { refused, kind } = preview
  return (
    <div class="stack">
      <Head title={titleOf(preview)} lede={ledeOf(preview)} />
      {failure && (
        <Notice
          tone="bad"
          title={failure.code === 'payment_declined' ? 'Your card was declined' : 'The plan was not changed'}
        >
          {failure.message}
          {failure.code === 'payment_declined' && (
            <>
              {' '}
              <a href="/billing">Change your card under Billing</a>, then try again.
            </>
          )}
        </Notice>
      )}
      {refused && !failure && (
        <Notice tone="warn" title="This change cannot be made now">
          {refused.message}
        </Notice>
      )}
      {preview.today.lines.length > 0 && (
        <Amounts
          title="Charged today"
          lines={preview.today.lines}
          total={preview.today.totalMinor}
          currency={preview.currency}
          note={<CreditNote preview={preview} />}
        />
      )}
      <Amounts
        title={`Next invoice, ${formatInstant(preview.nextInvoice.at)}`}
        lines={preview.nextInvoice.lines}
        total={preview.nextInvoice.estimateMinor}
        currency={preview.currency}
        note={
          kind === 'upgrade' || kind === 'purchase'
            ? 'Plus what you use until then beyond what is included.'
            : 'Usage until then is added.'
        }
      />
      <div class="row">
        {!refused && <Confirm preview={preview} token={token} />}
        <a class="button" href="/plan">
          {refused ? 'Back to your plan' : `Stay on ${preview.from.planName}`}
        </a>
      </div>
    </div>
  )
}

const titleOf = ({ kind, to, from }: ChangePreview): string =>
  kind === 'cancel'
    ? `Cancel ${from.planName}`
    : kind === 'renewal'
      ? `Move to the present price of ${to.planName}`
      : `${kind === 'downgrade' ? 'Downgrade' : 'Upgrade'} to ${to.planName}`

function ledeOf({ kind, from, to, effectiveAt }: ChangePreview): string {
  if (kind === 'upgrade' || kind === 'purchase')
    return `${to.planName} begins as soon as its first fee is paid: its limits a minute later. ${from.planName} ends then.`
  const at = formatInstant(effectiveAt)
  return `You stay on ${from.planName} until ${at}; then ${to.planName} begins, with its limits. You can undo this until an hour before.`
}

function Amounts({
  title,
  lines,
  total,
  currency,
  note,
}: {
  title: string
  lines: readonly AmountLine[]
  total: string
  currency: string
  note?: unknown
}) {
  return (
    <section class="card flush" aria-label={title}>
      <div class="head">
        <div>
          <h2>{title}</h2>
          {note && <p class="fine">{note}</p>}
        </div>
      </div>
      <table>
        <tbody>
          {lines.map(({ label, amountMinor }) => (
            <tr>
              <td>{label}</td>
              <td class="num">{formatAmount(amountMinor, currency)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total before tax</th>
            <td class="num">{formatAmount(total, currency)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

/** How the credit comes about, and what is billed of the plan that is left. */
function CreditNote({ preview: { today, usageSoFar, currency, from } }: Props) {
  const { credit } = today
  return (
    <>
      {credit && `${describeCredit(credit, currency)} `}
      {usageSoFar &&
        `Usage on ${from.planName} so far (${formatCount(usageSoFar.units)} units, ${formatAmount(usageSoFar.estimateMinor, currency)}) comes on a last invoice of its own.`}
    </>
  )
}

function describeCredit(credit: NonNullable<ChangePreview['today']['credit']>, currency: string): string {
  const unused =
    credit.share === 'time'
      ? `${days(credit.unusedSeconds)} of ${days(credit.periodSeconds)} days`
      : `${formatCount(credit.unusedUnits)} of ${formatCount(credit.includedUnits)} included units`
  const fee = formatAmount(credit.flatFeeMinor, currency)
  if (credit.creditMinor === '0') return `Nothing of the ${credit.planName} fee (${fee}) is unused.`
  return `${credit.planName}: ${unused} are unused, so that part of its ${fee} fee is credited.`
}

/** Days with two places: `19.48`. */
const days = (seconds: number): string => (Math.round((seconds / 86_400) * 100) / 100).toString()

function Confirm({ preview, token }: Props & { readonly token: string }) {
  const { kind, to, from, pricedAt, digest, today, currency } = preview
  if (kind === 'cancel')
    return (
      <form method="post" action="/plan/cancel" data-once>
        <Token value={token} />
        <button class="danger" type="submit">
          Cancel {from.planName}
        </button>
      </form>
    )
  if (kind === 'purchase')
    return (
      <form method="post" action="/plan" data-once>
        <Token value={token} />
        <input type="hidden" name="plan" value={to.planId} />
        <button class="primary" type="submit">
          Go to payment
        </button>
      </form>
    )
  return (
    <form method="post" action="/plan/change" data-once>
      <Token value={token} />
      <input type="hidden" name="plan" value={to.planId} />
      <input type="hidden" name="version" value={to.planVersionId} />
      <input type="hidden" name="priced" value={String(pricedAt)} />
      <input type="hidden" name="digest" value={digest} />
      <button class="primary" type="submit">
        {kind === 'upgrade'
          ? `Pay ${formatAmount(today.totalMinor, currency)} and upgrade`
          : 'Confirm the change'}
      </button>
    </form>
  )
}
