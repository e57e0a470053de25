import * as z from 'zod/mini'
import { isFree, type PlanVersion, planIdSchema, type SubscriptionView } from '#billing/contract'
import { MINUTE_MS } from '#kernel/time'
import { Notice, Token } from '../components/form.tsx'
import { Gauge, Head } from '../components/parts.tsx'
import { PlanCard } from '../components/plan-card.tsx'
import { allowanceOf } from '../format/allowance.ts'
import { formatCount, formatUnits } from '../format/numbers.ts'
import { formatAmount } from '../format/prices.ts'
import { formatDate } from '../format/time.ts'
import type { AppContext } from '../http/app-env.ts'
import { asCustomer } from '../http/call.ts'
import { formFields } from '../http/form-fields.ts'
import { failedPage, notFoundPage, WATCH_SECONDS } from '../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../http/ports.ts'
import { page } from '../http/render.tsx'
import { ChangeNotices } from './changes/change-notices.tsx'

/** A Checkout is open for 30 minutes at most and a switch takes one; past this something is wrong. */
const SLOW_SWITCH_MS = 40 * MINUTE_MS

/** Plans to compare and to buy. Paying happens on Stripe's page. */
export const planPages: Pages = (app, ports) => {
  app.get('/plan', c => planPage(c, ports))

  app.post('/plan', async c => {
    const user = signedIn(c)
    const { plan } = await formFields(c, 'plan')
    if (!z.safeParse(planIdSchema, plan).success) return notFoundPage(c)
    const started = await ports.billing.startCheckout(
      {
        accountId: user.accountId,
        email: user.email,
        planId: plan,
        successUrl: `${ports.portalUrl}/plan?checkout=done`,
        cancelUrl: `${ports.portalUrl}/plan?checkout=canceled`,
      },
      asCustomer(c, ports, user),
    )
    return started.ok ? c.redirect(started.value.url, 303) : planPage(c, ports, started.message)
  })
}

/** The plan page; `refusal` says why something was not done. */
export async function planPage(c: AppContext, ports: PagePorts, refusal?: string) {
  const user = signedIn(c)
  const call = asCustomer(c, ports, user)
  const [subscription, listed] = await Promise.all([
    ports.billing.getSubscription({ accountId: user.accountId }, call),
    ports.billing.listPlans({}, call),
  ])
  const title = 'Plan'
  if (!subscription.ok) return failedPage(c, title, subscription)
  if (!listed.ok) return failedPage(c, title, listed)
  const view = subscription.value
  const returned = c.req.query('checkout')
  const state = view.openChange?.state
  const switching = state === 'switching' || (state === 'checkout_open' && returned === 'done')
  const slow = view.openChange !== null && ports.now() - view.openChange.since > SLOW_SWITCH_MS
  return page(
    c,
    {
      title,
      status: refusal ? 409 : 200,
      ...(switching
        ? {
            watch: {
              seconds: WATCH_SECONDS,
              state: `${slow ? 'late' : 'switching'} ${view.plan.planVersionId}`,
            },
          }
        : {}),
    },
    <div class="stack">
      <Head title={title} lede={currentLine(view)} />
      {refusal && (
        <Notice tone="bad" title="The plan was not changed">
          {refusal}
        </Notice>
      )}
      {switching ? (
        <Switching name={nameOf(listed.value.plans, view.openChange?.planId)} slow={slow} />
      ) : returned === 'done' || (c.req.query('changed') === 'now' && state === undefined) ? (
        <Notice tone="good" title={`You are on ${view.plan.name}`}>
          {`Its limits and its ${formatCount(view.includedUnits)} included ${view.plan.unit}s are in force.`}
        </Notice>
      ) : (
        returned === 'canceled' && (
          <Notice tone="info">You left the payment page. Nothing was charged and nothing was changed.</Notice>
        )
      )}
      {c.req.query('undone') && !view.scheduled && state === undefined && (
        <Notice tone="good">{`Done: ${view.plan.name} goes on as before.`}</Notice>
      )}
      <ChangeNotices
        view={view}
        name={nameOf(listed.value.plans, view.openChange?.planId)}
        token={c.get('formToken')()}
        now={ports.now()}
      />
      <Included view={view} />
      <div class="plans">
        {cards(view, listed.value.plans).map(plan => (
          <PlanCard
            plan={plan}
            current={plan.id === view.plan.id}
            note={noteOf(plan, view, listed.value.plans)}
            action={
              <Choose
                plan={plan}
                view={view}
                newest={listed.value.plans.find(({ id }) => id === plan.id)}
                token={c.get('formToken')()}
                disabled={switching || state === 'paying'}
              />
            }
          />
        ))}
      </div>
    </div>,
  )
}

const nameOf = (plans: readonly PlanVersion[], planId: string | undefined): string =>
  plans.find(plan => plan.id === planId)?.name ?? 'Your new plan'

/** The live price list with the customer's own version in place of its plan's newest. */
function cards({ plan: own }: SubscriptionView, live: readonly PlanVersion[]): readonly PlanVersion[] {
  const withOwn = live.map(plan => (plan.id === own.id ? own : plan))
  return withOwn.includes(own) ? withOwn : [own, ...withOwn]
}

function noteOf(plan: PlanVersion, { plan: own }: SubscriptionView, live: readonly PlanVersion[]) {
  if (plan.id !== own.id) return undefined
  const newest = live.find(candidate => candidate.id === plan.id)
  if (!newest) return 'This plan is not sold any more. You keep it at this price.'
  if (newest.planVersionId === plan.planVersionId) return undefined
  return `You keep the price you bought. New customers pay ${formatAmount(newest.flatFeeMinor, newest.currency)} a month.`
}

function currentLine(view: SubscriptionView): string {
  const { plan, segment } = view
  const end = formatDate(segment.end)
  if (view.scheduled) return `You are on ${plan.name} until ${end}.`
  return !allowanceOf(view).hard
    ? `You are on ${plan.name}. It renews on ${end}.`
    : `You are on ${plan.name}. Its ${plan.unit}s start over on ${end}.`
}

function Switching({ name, slow }: { name: string; slow: boolean }) {
  if (slow)
    return (
      <Notice tone="warn" title={`${name} is not switched on yet`}>
        This takes longer than it should. A payment you made is not lost, and your keys go on working with the
        limits of your present plan. We try again every few minutes; you need not pay again.
      </Notice>
    )
  return (
    <Notice tone="info" title={`${name} is being switched on`}>
      <span class="row">
        <span class="spinner" aria-hidden="true"></span>
        Your payment arrived. This takes up to a minute; your keys go on working meanwhile.
      </span>
    </Notice>
  )
}

function Included({ view }: { view: SubscriptionView }) {
  const { unitsUsed, plan } = view
  const { ofUnits: of, hard, capUnits } = allowanceOf(view)
  const over = Math.max(0, unitsUsed - of)
  return (
    <section class="card stack-s" aria-labelledby="included-title">
      <div class="row spread">
        <h2 id="included-title">Included this period</h2>
        <span>
          <strong>{formatCount(Math.min(unitsUsed, of))}</strong> of {formatCount(of)} {plan.unit}s
        </span>
      </div>
      <Gauge used={unitsUsed} of={of} hard={hard} />
      <p class="fine">
        {over > 0 && !hard
          ? `${formatCount(over)} beyond what is included. Cost so far: ${formatAmount(view.costSoFarMinor, view.currency)}.`
          : `${formatCount(Math.max(0, of - unitsUsed))} left. Cost so far: ${formatAmount(view.costSoFarMinor, view.currency)}.`}
      </p>
      {capUnits !== null && (
        <p class="fine">
          {`Your spend cap: calls stop at ${formatUnits(capUnits, plan.unit)} this period, so that a mistake cannot cost more. It is lifted when your first invoice with usage is paid.`}
        </p>
      )}
    </section>
  )
}

function Choose({
  plan,
  view,
  newest,
  token,
  disabled,
}: {
  plan: PlanVersion
  view: SubscriptionView
  /** The version on sale; undefined: none is. */
  newest: PlanVersion | undefined
  token: string
  disabled: boolean
}) {
  if (isFree(view.plan) && isFree(plan)) return null
  if (!isFree(view.plan)) return <ChangeLink plan={plan} view={view} newest={newest} disabled={disabled} />
  return (
    <form method="post" action="/plan" data-once>
      <Token value={token} />
      <input type="hidden" name="plan" value={plan.id} />
      <button class="primary wide" type="submit" disabled={disabled}>
        Choose {plan.name}
      </button>
    </form>
  )
}

/** To the page that shows what a change costs. What is scheduled is undone first, so that there is one change at a time. */
function ChangeLink({
  plan,
  view,
  newest,
  disabled,
}: {
  plan: PlanVersion
  view: SubscriptionView
  newest: PlanVersion | undefined
  disabled: boolean
}) {
  const label = labelOf(plan, view, newest)
  if (label === null || disabled) return null
  return (
    <a
      class={label.startsWith('Upgrade') ? 'button primary wide' : 'button wide'}
      href={`/plan/change?plan=${plan.id}`}
    >
      {label}
    </a>
  )
}

function labelOf(
  plan: PlanVersion,
  { plan: own, scheduled }: SubscriptionView,
  newest: PlanVersion | undefined,
): string | null {
  if (!newest || scheduled?.planId === plan.id) return null
  if (plan.id === own.id)
    return newest.planVersionId === own.planVersionId ? null : 'Move to the present price'
  if (isFree(plan)) return `Cancel ${own.name}`
  return BigInt(plan.flatFeeMinor) > BigInt(own.flatFeeMinor)
    ? `Upgrade to ${plan.name}`
    : `Downgrade to ${plan.name}`
}
