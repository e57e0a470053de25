import type { Child } from 'hono/jsx'
import type { SubscriptionView } from '#billing/contract'
import { isFree } from '#billing/contract'
import type { Period } from '#kernel/time'
import { Chart } from '../components/chart.tsx'
import { CostTile } from '../components/cost-tile.tsx'
import { Copyable, Gauge, Head, Tile } from '../components/parts.tsx'
import { firstCall } from '../docs/routes.ts'
import { allowanceOf } from '../format/allowance.ts'
import { capitalize, formatCount, formatShare, formatUnits } from '../format/numbers.ts'
import { formatAgo, formatDate } from '../format/time.ts'
import { asCustomer } from '../http/call.ts'
import { failedPage } from '../http/outcome-pages.tsx'
import { type Pages, signedIn } from '../http/ports.ts'
import { page } from '../http/render.tsx'
import { ChangeNotices } from './changes/change-notices.tsx'
import { PaymentNotices } from './payments/notices.tsx'
import { type HourUsage, sum, usageByDay } from './usage-view.ts'

/** Seconds between looks while the first call is awaited. */
const FIRST_CALL_WATCH_SECONDS = 5

/** Where a sign-in lands: the way to the first call, then the figures of the period. */
export const homePage: Pages = (app, ports) => {
  app.get('/home', async c => {
    const user = signedIn(c)
    const call = asCustomer(c, ports, user)
    const account = { accountId: user.accountId }
    const [listed, usage, subscription, payments] = await Promise.all([
      ports.access.listKeys(account, call),
      ports.billing.getUsage(account, call),
      ports.billing.getSubscription(account, call),
      ports.billing.getPayments(account, call),
    ])
    const title = 'Home'
    if (!subscription.ok) return failedPage(c, title, subscription)
    if (!usage.ok) return failedPage(c, title, usage)
    if (!payments.ok) return failedPage(c, title, payments)
    if (!listed.ok) throw new Error(`Listing keys failed: ${listed.code}`)
    const { keys } = listed.value
    const totals = sum(usage.value.hours)
    const steps: Steps = {
      key: keys.length > 0,
      call: totals.calls > 0 || keys.some(key => key.lastUsedAt !== null),
      plan: !isFree(subscription.value.plan),
    }
    const waiting = steps.key && !steps.call
    return page(
      c,
      { title, ...(waiting ? { watch: { seconds: FIRST_CALL_WATCH_SECONDS, state: 'no-call' } } : {}) },
      <div class="stack">
        <Head title={title}>
          <span class="fine">Updated {formatAgo(usage.value.freshAt, ports.now())}</span>
        </Head>
        <PaymentNotices payments={payments.value} />
        <ChangeNotices view={subscription.value} now={ports.now()} />
        {!(steps.key && steps.call && steps.plan) && <Checklist steps={steps} apiUrl={ports.apiUrl} />}
        <Tiles subscription={subscription.value} totals={totals} />
        {totals.calls > 0 && <PeriodChart usage={usage.value} unit={subscription.value.plan.unit} />}
      </div>,
    )
  })
}

type Steps = { readonly key: boolean; readonly call: boolean; readonly plan: boolean }

function Checklist({ steps, apiUrl }: { steps: Steps; apiUrl: string }) {
  return (
    <section class="card flush" aria-labelledby="start-title">
      <div class="head">
        <h2 id="start-title">Get started</h2>
        <span class="fine">{[steps.key, steps.call, steps.plan].filter(Boolean).length} of 3 done</span>
      </div>
      <ol class="checklist">
        <Step done={steps.key} title="Create an API key" href="/keys" action="Create a key" next={!steps.key}>
          It is shown once; keep it where your server can read it.
        </Step>
        <Step
          done={steps.call}
          title="Make the first call"
          href="/docs"
          action="Read the docs"
          example={steps.call ? undefined : firstCall(apiUrl)}
        >
          {steps.call
            ? 'Your calls arrive.'
            : steps.key
              ? 'Waiting for your first call; it shows up here about a minute after it was made.'
              : 'With your key in place of YOUR_KEY.'}
        </Step>
        <Step
          done={steps.plan}
          title="Choose a plan"
          href="/plan"
          action="Compare plans"
          next={steps.call && !steps.plan}
        >
          Free is enough to try things out. Change whenever you need more.
        </Step>
      </ol>
    </section>
  )
}

function Step({
  done,
  title,
  href,
  action,
  next,
  example,
  children,
}: {
  done: boolean
  title: string
  href: string
  action: string
  next?: boolean
  example?: string | undefined
  children?: Child
}) {
  return (
    <li class={done ? 'done' : undefined}>
      <div>
        <h3>
          {title}
          {done && <span class="hidden"> (done)</span>}
        </h3>
        <p class="fine">{children}</p>
      </div>
      {!done && (
        <a class={next ? 'button primary small' : 'button small'} href={href}>
          {action}
        </a>
      )}
      {example && (
        <Copyable id="first-call" block>
          {example}
        </Copyable>
      )}
    </li>
  )
}

/** What the end of the period brings. */
function nextOf({ scheduled }: SubscriptionView, hard: boolean): string {
  if (scheduled && scheduled.kind !== 'renewal') return `${scheduled.planName} follows`
  return hard ? 'Starts over' : 'Renews'
}

function Tiles({ subscription, totals }: { subscription: SubscriptionView; totals: ReturnType<typeof sum> }) {
  const { plan, unitsUsed, segment } = subscription
  const { ofUnits, hard } = allowanceOf(subscription)
  return (
    <dl class="tiles">
      <Tile name="Plan" figure={plan.name}>
        <p class="fine">{`${nextOf(subscription, hard)} on ${formatDate(segment.end)}`}</p>
      </Tile>
      <Tile name={`${capitalize(plan.unit)}s this period`} figure={formatCount(unitsUsed)}>
        <Gauge used={unitsUsed} of={ofUnits} hard={hard} />
        <p class="fine">of {formatCount(ofUnits)} included</p>
      </Tile>
      <CostTile subscription={subscription} />
      <Tile name="Failed calls" figure={formatShare(totals.failed, totals.calls)}>
        <p class="fine">
          {totals.calls === 0 ? (
            'No calls in this period'
          ) : (
            <>
              {`${formatCount(totals.failed)} of ${formatCount(totals.calls)}, `}
              <a href="/usage?show=calls">not charged</a>
            </>
          )}
        </p>
      </Tile>
    </dl>
  )
}

function PeriodChart({
  usage,
  unit,
}: {
  usage: { readonly period: Period; readonly hours: readonly HourUsage[] }
  unit: string
}) {
  const bars = usageByDay(usage.hours, usage.period).map(day => ({
    label: day.label,
    description: `${day.name}: ${formatUnits(day.units, unit)}`,
    value: day.units,
  }))
  return (
    <section class="card flush" aria-labelledby="period-title">
      <div class="head">
        <h2 id="period-title">{`${capitalize(unit)}s per day, UTC`}</h2>
        <a href="/usage">Usage in detail</a>
      </div>
      <div class="chart-body">
        <Chart
          name={`${capitalize(unit)}s per day in this period. The usage page has the numbers.`}
          bars={bars}
        />
      </div>
    </section>
  )
}
