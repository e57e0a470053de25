import type { SubscriptionView } from '#billing/contract'
import { type Instant, MINUTE_MS, type Period } from '#kernel/time'
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
import { ChartCard, chosen } from './usage-chart.tsx'
import { type HourUsage, sum } from './usage-view.ts'

/** Past this the numbers are said to be behind. Roll-up runs every minute. */
const STALE_MS = 10 * MINUTE_MS

type Usage = {
  readonly period: Period
  readonly hours: readonly HourUsage[]
  readonly byRoute: Readonly<Record<string, number>>
  readonly freshAt: Instant
}

/** Usage of the open period: figures, chart with its table, units by route. */
export const usagePage: Pages = (app, ports) => {
  app.get('/usage', async c => {
    const user = signedIn(c)
    const call = asCustomer(c, ports, user)
    const [usage, subscription] = await Promise.all([
      ports.billing.getUsage({ accountId: user.accountId }, call),
      ports.billing.getSubscription({ accountId: user.accountId }, call),
    ])
    const title = 'Usage'
    if (!usage.ok) return failedPage(c, title, usage)
    if (!subscription.ok) return failedPage(c, title, subscription)
    const now = ports.now()
    const choice = chosen(c, usage.value.period, now)
    return page(
      c,
      { title },
      <div class="stack">
        <Head title={title} lede={`This period: ${formatPeriod(usage.value.period)} (UTC).`}>
          <span class="row">
            <a href="/usage/requests">Every request</a>
            <Freshness freshAt={usage.value.freshAt} now={now} />
          </span>
        </Head>
        <Figures usage={usage.value} subscription={subscription.value} />
        {usage.value.hours.length === 0 ? (
          <NoCalls apiUrl={ports.apiUrl} />
        ) : (
          <>
            <ChartCard usage={usage.value} choice={choice} unit={subscription.value.plan.unit} now={now} />
            <Routes byRoute={usage.value.byRoute} unit={subscription.value.plan.unit} />
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
        <p class="fine">in this period</p>
      </Tile>
      <Tile name="Failed" figure={formatShare(total.failed, total.calls)}>
        <p class="fine">{`${formatUnits(total.failed, 'call')}, not charged`}</p>
      </Tile>
    </dl>
  )
}

function Routes({ byRoute, unit }: { byRoute: Usage['byRoute']; unit: string }) {
  const routes = Object.entries(byRoute).sort(([, a], [, b]) => b - a)
  const total = routes.reduce((units, [, routeUnits]) => units + routeUnits, 0)
  if (routes.length === 0) return null
  return (
    <section class="card flush" aria-labelledby="routes-title">
      <div class="head">
        <h2 id="routes-title">By route</h2>
      </div>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Route</th>
              <th scope="col" class="num">{`${capitalize(unit)}s`}</th>
              <th scope="col" class="num">
                Share
              </th>
            </tr>
          </thead>
          <tbody>
            {routes.map(([route, units]) => (
              <tr>
                <th scope="row" class="mono">
                  {route}
                </th>
                <td class="num">{formatCount(units)}</td>
                <td class="num">{formatShare(units, total)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
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
