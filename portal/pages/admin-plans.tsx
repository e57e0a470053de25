import type { PlanVersion } from '#billing/contract'
import { Badge, Empty, Head } from '../components/parts.tsx'
import { formatCount } from '../format/numbers.ts'
import { describeTiers, formatAmount } from '../format/prices.ts'
import { formatDate } from '../format/time.ts'
import { asAdmin } from '../http/call.ts'
import { failedPage } from '../http/outcome-pages.tsx'
import { type Pages, signedIn } from '../http/ports.ts'
import { page } from '../http/render.tsx'

type Version = PlanVersion & { readonly live: boolean; readonly accounts: number }

/** Every version of every plan, and who is on it. */
export const adminPlansPage: Pages = (app, ports) => {
  app.get('/admin/plans', async c => {
    const listed = await ports.billing.adminListPlans({}, asAdmin(c, ports, signedIn(c)))
    const title = 'Plans'
    if (!listed.ok) return failedPage(c, title, listed)
    const versions = [...listed.value.versions].sort(inOrder)
    return page(
      c,
      { title },
      <div class="stack">
        <Head
          title={title}
          lede="Every published version. Versions never change; customers keep the one they bought."
        />
        {versions.length === 0 ? (
          <Empty title="No plans published">
            <p>
              Plans appear here once they are published: apply the catalogue with <code>npm run deploy</code>.
            </p>
          </Empty>
        ) : (
          <Table versions={versions} />
        )}
      </div>,
    )
  })
}

/** Cheapest plan first, its newest version first. */
function inOrder(a: Version, b: Version): number {
  if (a.id === b.id) return b.version - a.version
  return Number(BigInt(a.flatFeeMinor) - BigInt(b.flatFeeMinor)) || a.id.localeCompare(b.id)
}

function Table({ versions }: { versions: readonly Version[] }) {
  return (
    <section class="card flush scroll" tabindex={0} aria-label="Plan versions">
      <table>
        <thead>
          <tr>
            <th scope="col">Plan</th>
            <th scope="col">State</th>
            <th scope="col" class="num">
              Accounts
            </th>
            <th scope="col" class="num">
              Monthly fee
            </th>
            <th scope="col">Units</th>
            <th scope="col">Limits</th>
            <th scope="col">Published</th>
          </tr>
        </thead>
        <tbody>
          {versions.map(plan => (
            <tr>
              <th scope="row">
                {plan.name}
                <div class="fine mono">{plan.planVersionId}</div>
              </th>
              <td>{plan.live ? <Badge tone="good">Live</Badge> : <Badge>Replaced</Badge>}</td>
              <td class="num">{formatCount(plan.accounts)}</td>
              <td class="num">{formatAmount(plan.flatFeeMinor, plan.currency)}</td>
              <td>
                {plan.hardLimitUnits !== null ? (
                  <div>{formatCount(plan.hardLimitUnits)}, then refused</div>
                ) : (
                  describeTiers(plan).map(line => <div class="nowrap">{line}</div>)
                )}
              </td>
              <td class="nowrap">
                {plan.limits.ratePerSecond}/s
                <div class="fine">burst {formatCount(plan.limits.burst)}</div>
              </td>
              <td class="nowrap fine">{formatDate(plan.publishedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
