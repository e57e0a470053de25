import type { SubscriptionView, Usage } from '#billing/contract'
import { type Instant, MINUTE_MS } from '#kernel/time'
import { CostTile } from '../components/cost-tile.tsx'
import { Copyable, Empty, Gauge, Head, Tile } from '../components/parts.tsx'
import { firstCall } from '../docs/routes.ts'
import { allowanceOf } from '../format/allowance.ts'
import { capitalize, formatCount, formatShare, formatUnits } from '../format/numbers.ts'
import { formatAgo, formatPeriod } from '../format/time.ts'
import { asCustomer } from '../http/call.ts'
import { failedPage } from '../http/outcome-pages.tsx'
import { type Pages, signedIn } from '../http/ports.ts'
import { page } from '../http/render.tsx'
import { Breakdown, UsageFilters } from './usage-breakdown.tsx'
import { ChartCard, chosen } from './usage-chart.tsx'
import { askedUsage, RANGES, readUsageQuery } from './usage-query.ts'
import { sum } from './usage-view.ts'

/** Past this the numbers are said to be behind. Roll-up runs every minute. */
const STALE_MS = 10 * MINUTE_MS

/** Usage of the open period or of the last days: figures, chart with its table, and by key, route and status. */
export const usagePage: Pages = (app, ports) => {
  app.get('/usage', async c => {
    const user = signedIn(c)
    const call = asCustomer(c, ports, user)
    const query = readUsageQuery(c)
    const { accountId } = user
    const [usage, subscription, listed] = await Promise.all([
      ports.billing.getUsage(askedUsage(query, accountId, call.now), call),
      ports.billing.getSubscription({ accountId }, call),
      ports.access.listKeys({ accountId }, call),
    ])
    const title = 'Usage'
    if (!usage.ok) return failedPage(c, title, usage)
    if (!subscription.ok) return failedPage(c, title, subscription)
    const now = ports.now()
    const keys = listed.ok ? listed.value.keys : []
    const choice = chosen(query, usage.value.period, now)
    const isNarrowed = query.range !== 'period' || query.keyId !== undefined || query.route !== undefined
    const { unit } = subscription.value.plan
    return page(
      c,
      { title },
      <div class="stack">
        <Head title={title} lede={`${RANGES[query.range]}: ${formatPeriod(usage.value.period)} (UTC).`}>
          <span class="row">
            <a href="/usage/requests">Every request</a>
            <a href="/usage/limits">Limits</a>
            <Freshness freshAt={usage.value.freshAt} now={now} />
          </span>
        </Head>
        <Figures usage={usage.value} subscription={subscription.value} />
        {usage.value.hours.length === 0 && !isNarrowed ? (
          <NoCalls apiUrl={ports.apiUrl} />
        ) : (
          <>
            <UsageFilters usage={usage.value} keys={keys} query={query} />
            <ChartCard
              usage={usage.value}
              choice={choice}
              unit={unit}
              currency={subscription.value.currency}
              now={now}
            />
            <Breakdown usage={usage.value} keys={keys} query={query} unit={unit} />
          </>
        )}
      </div>,
    )
  })
}

function Freshness({ freshAt, now }: { freshAt: Instant; now: Instant }) {
  const stale = now - freshAt > STALE_MS
  return (
    <span class={stale ? 'badge warn' : 'fine'}>
      {stale ? 'Behind: ' : ''}Updated {formatAgo(freshAt, now)}
    </span>
  )
}

function Figures({ usage, subscription }: { usage: Usage; subscription: SubscriptionView }) {
  const { unitsUsed, plan } = subscription
  const { ofUnits, hard } = allowanceOf(subscription)
  const total = sum(usage.hours)
  return (
    <dl class="tiles">
      <Tile name={`${capitalize(plan.unit)}s used`} figure={formatCount(unitsUsed)}>
        <Gauge used={unitsUsed} of={ofUnits} hard={hard} />
        <p class="fine">
          {hard ? `calls stop at ${formatCount(ofUnits)}` : `${formatCount(ofUnits)} included`}
        </p>
      </Tile>
      <CostTile subscription={subscription} />
      <Tile name="Calls" figure={formatCount(total.calls)}>
        <p class="fine">of what is shown</p>
      </Tile>
      <Tile name="Failed" figure={formatShare(total.failed, total.calls)}>
        <p class="fine">{`${formatUnits(total.failed, 'call')}, not charged`}</p>
      </Tile>
    </dl>
  )
}

function NoCalls({ apiUrl }: { apiUrl: string }) {
  return (
    <Empty title="No calls in this period">
      <p>
        Calls appear here about a minute after they were made, by day and hour. Make one with a key of yours:
      </p>
      <Copyable id="first-call" block>
        {firstCall(apiUrl)}
      </Copyable>
      <a class="button primary" href="/keys">
        Get a key
      </a>
    </Empty>
  )
}
