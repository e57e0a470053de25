import type { SpendCap } from '#billing/contract'
import type { Period } from '#kernel/time'
import { Notice, Token } from '../../components/form.tsx'
import { Head } from '../../components/parts.tsx'
import { formatCount, formatUnits } from '../../format/numbers.ts'
import { formatAmount } from '../../format/prices.ts'
import { formatDate } from '../../format/time.ts'

type Props = {
  readonly limits: {
    readonly currency: string
    readonly unit: string
    readonly isPayer: boolean
    readonly segment: Period
    readonly spendCap: SpendCap
  }
  readonly preview: SpendCap
  /** What was chosen; null: no cap. */
  readonly capMinor: string | null
  readonly token: string
}

/** What the new cap means, and the button that sets it. */
export function ConfirmCap({ limits, preview, capMinor, token }: Props) {
  const { currency, unit, segment } = limits
  const amount = (minor: string | null) => (minor === null ? 'none' : formatAmount(minor, currency))
  const wasReached = limits.spendCap.isReached
  return (
    <div class="stack">
      <Head title={capMinor === null ? 'Remove the spend cap?' : `Cap the spend at ${amount(capMinor)}?`} />
      <section class="card stack-m">
        <dl class="facts">
          <dt>Cap now</dt>
          <dd>{amount(limits.spendCap.capMinor)}</dd>
          <dt>New cap</dt>
          <dd>{amount(preview.capMinor)}</dd>
          {preview.capUnits !== null && (
            <>
              <dt>It buys</dt>
              <dd>{`${formatUnits(preview.capUnits, unit)} a period, those included in the plan among them`}</dd>
            </>
          )}
          {limits.isPayer && (
            <>
              <dt>Spent so far</dt>
              <dd>{`${amount(preview.spentMinor)} for ${formatUnits(preview.usedUnits, unit)}`}</dd>
            </>
          )}
        </dl>
        {preview.isReached && (
          <Notice tone="warn" title="Calls stop at once">
            {`This period has used ${formatCount(preview.usedUnits)} already. Calls are refused until ${formatDate(segment.end)} or until you raise the cap. What was spent stays on the bill.`}
          </Notice>
        )}
        {wasReached && !preview.isReached && (
          <Notice tone="good" title="Calls work again at once">
            The cap is the only thing that stops them.
          </Notice>
        )}
        <form method="post" action="/usage/limits" class="row" data-once>
          <Token value={token} />
          <input type="hidden" name="capMinor" value={capMinor ?? ''} />
          <button class={preview.isReached ? 'danger' : 'primary'} type="submit">
            {capMinor === null ? 'Remove the cap' : 'Set the cap'}
          </button>
          <a class="button quiet" href="/usage/limits">
            Leave it
          </a>
        </form>
      </section>
    </div>
  )
}
