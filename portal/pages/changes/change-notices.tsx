import type { SubscriptionView } from '#billing/contract'
import type { Instant } from '#kernel/time'
import { Notice, Token } from '../../components/form.tsx'
import { formatInstant } from '../../format/time.ts'

type Props = {
  readonly view: SubscriptionView
  /** Of the plan of the open change. */
  readonly name?: string
  /** For the forms that take a change back; without one the notices lead to the plan page. */
  readonly token?: string
  readonly now: Instant
}

/** What is on its way: a change at the end of the period, or an upgrade that waits for its payment. */
export function ChangeNotices({ view, name = 'Your new plan', token, now }: Props) {
  const { openChange, scheduled, plan } = view
  return (
    <>
      {openChange?.state === 'paying' && (
        <Notice tone="warn" title={`${name} waits for its first payment`}>
          <div class="stack-s">
            <p>
              Your bank wants a confirmation, or your card could not be charged. Until it is paid you stay on{' '}
              {plan.name}, and nothing is charged
              {openChange.expiresAt ? `; it is dropped on ${formatInstant(openChange.expiresAt)}` : ''}.
            </p>
            <div class="row">
              {openChange.payUrl && (
                <a class="button primary" href={openChange.payUrl}>
                  Confirm the payment
                </a>
              )}
              <Undo token={token} label="Drop this change" />
            </div>
          </div>
        </Notice>
      )}
      {scheduled && (
        <Notice tone="info" title={titleOf(view)}>
          <div class="stack-s">
            <p>
              {`${plan.name} with its limits and its price stays until ${formatInstant(scheduled.at)}. `}
              {now < scheduled.undoUntil
                ? `You can undo this until ${formatInstant(scheduled.undoUntil)}.`
                : 'It is too close to undo it now; you can choose a plan again after that.'}
            </p>
            {now < scheduled.undoUntil && (
              <div class="row">
                <Undo
                  token={token}
                  label={scheduled.kind === 'cancel' ? `Resume ${plan.name}` : 'Undo this change'}
                />
              </div>
            )}
          </div>
        </Notice>
      )}
    </>
  )
}

function titleOf({ scheduled, plan }: SubscriptionView): string {
  if (scheduled?.kind === 'cancel') return `${plan.name} is cancelled: ${scheduled.planName} follows`
  if (scheduled?.kind === 'renewal') return `${plan.name} goes on at its present price`
  return `${scheduled?.planName ?? ''} follows ${plan.name}`
}

function Undo({ token, label }: { readonly token: string | undefined; readonly label: string }) {
  if (token === undefined)
    return (
      <a class="button" href="/plan">
        {label}
      </a>
    )
  return (
    <form method="post" action="/plan/undo" data-once>
      <Token value={token} />
      <button type="submit">{label}</button>
    </form>
  )
}
