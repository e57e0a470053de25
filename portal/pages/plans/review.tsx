import type { PlanChangeLine, Rehearsal, RehearsedAccount } from '#billing/contract'
import { Notice } from '../../components/form.tsx'
import { Badge, Head, Tile } from '../../components/parts.tsx'
import { formatCount, formatUnits } from '../../format/numbers.ts'
import { formatAmount } from '../../format/prices.ts'
import { formatInstant, formatPeriod } from '../../format/time.ts'
import type { AppContext } from '../../http/app-env.ts'
import { asAdmin } from '../../http/call.ts'
import { formFields } from '../../http/form-fields.ts'
import { notFoundPage } from '../../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'
import { planIdOf } from './edit-draft.tsx'
import { Notes, ReasonForm } from './parts.tsx'

const WATCH_SECONDS = 1
export const MONTHS = [1, 2, 3] as const
export type Months = (typeof MONTHS)[number]
export const monthsOf = (c: AppContext): Months =>
  MONTHS.find(months => String(months) === c.req.query('months')) ?? 1

/** What publishing a draft changes, what it would have meant for everybody on the plan, and the button that does it. */
export const reviewPages: Pages = (app, ports) => {
  app.get('/admin/plans/:planId/review', c => review(c, ports))

  app.post('/admin/plans/:planId/publish', async c => {
    const planId = planIdOf(c)
    if (!planId) return notFoundPage(c)
    const { revision, reason } = await formFields(c, 'revision', 'reason')
    const published = await ports.billing.adminPublishDraft(
      { planId, revision: Number(revision) || 0, reason },
      asAdmin(c, ports, signedIn(c)),
    )
    if (!published.ok) return review(c, ports, published.message)
    return c.redirect('/admin/plans?message=publishing', 303)
  })
}

async function review(c: AppContext, ports: PagePorts, refusal?: string) {
  const planId = planIdOf(c)
  if (!planId) return notFoundPage(c)
  const call = asAdmin(c, ports, signedIn(c))
  const diff = await ports.billing.adminDiffDraft({ planId }, call)
  if (!diff.ok) return diff.code === 'draft_not_found' ? c.redirect('/admin/plans', 303) : notFoundPage(c)
  const { draft, live, changes } = diff.value
  const isValid = draft.problems.length === 0
  const months = monthsOf(c)
  const restart = c.req.query('restart') === 'yes'
  const rehearsed =
    isValid && live !== null
      ? await ports.billing.adminRehearseDraft({ planId, months, restart }, call)
      : undefined
  const rehearsal = rehearsed?.ok ? rehearsed.value : undefined
  const rows = rehearsal?.done
    ? await ports.billing.adminListRehearsal({ planId, target: 'draft', ...filterOf(c) }, call)
    : undefined
  const title = `Review ${planId}`
  return page(
    c,
    {
      title,
      status: refusal ? 409 : 200,
      ...(rehearsal && !rehearsal.done
        ? { watch: { seconds: WATCH_SECONDS, state: `rehearsed ${rehearsal.accounts}` } }
        : {}),
    },
    <div class="stack">
      <Head
        title={title}
        lede={`Revision ${draft.revision}, saved ${formatInstant(draft.savedAt)}. Compared with ${live ?? 'nothing: the plan is new'}.`}
      >
        <a class="button" href={`/admin/plans/${planId}/draft`}>
          Edit the draft
        </a>
      </Head>
      {refusal && (
        <Notice tone="bad" title="Nothing was published">
          {refusal}
        </Notice>
      )}
      <Notes tone="bad" title="Before it can be published" notes={draft.problems} />
      <Notes tone="warn" title="Worth a second look" notes={draft.warnings} />
      {isValid && <Changes changes={changes} isNew={live === null} />}
      {rehearsal && (
        <RehearsalView
          path={`/admin/plans/${planId}/review`}
          currency={draft.currency}
          unit={draft.unit}
          rows={rows?.ok ? rows.value.rows : []}
          nextCursor={rows?.ok ? rows.value.nextCursor : null}
          {...{ rehearsal, months }}
        />
      )}
      {isValid && changes.length > 0 && (
        <section class="card stack-m" aria-labelledby="publish">
          <h2 id="publish">Publish</h2>
          <p>
            New customers get it at once. Who is on an older version keeps it, at its price, until you migrate
            them.
          </p>
          <ReasonForm
            action={`/admin/plans/${planId}/publish`}
            token={c.get('formToken')()}
            button="Publish"
            hidden={{ revision: String(draft.revision) }}
          />
        </section>
      )}
    </div>,
  )
}

const FILTERS = ['pay_more', 'pay_less', 'leaves_included', 'stops'] as const
export function filterOf(c: AppContext): { only?: (typeof FILTERS)[number]; cursor?: string } {
  const only = FILTERS.find(filter => filter === c.req.query('only'))
  const cursor = c.req.query('cursor')
  return { ...(only && { only }), ...(cursor && /^acct_\w{22}$/.test(cursor) && { cursor }) }
}

function Changes({ changes, isNew }: { changes: readonly PlanChangeLine[]; isNew: boolean }) {
  if (changes.length === 0)
    return (
      <Notice tone="info">
        The draft says the same as the version on sale. There is nothing to publish.
      </Notice>
    )
  return (
    <section class="card flush scroll" tabindex={0} aria-label="Changes">
      <table>
        <thead>
          <tr>
            <th scope="col">{isNew ? 'What it says' : 'What changes'}</th>
            {!isNew && <th scope="col">Now</th>}
            <th scope="col">{isNew ? 'Value' : 'Then'}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ label, before, after }) => (
            <tr>
              <th scope="row">{label}</th>
              {!isNew && <td class="muted">{before ?? '(nothing)'}</td>}
              <td>{after ?? '(nothing)'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

type RehearsalProps = {
  readonly path: string
  readonly rehearsal: Rehearsal
  readonly rows: readonly RehearsedAccount[]
  readonly nextCursor: string | null
  readonly months: Months
  readonly currency: string
  readonly unit: string
}

/** Totals, then the customers behind them. */
export function RehearsalView({ path, rehearsal, rows, nextCursor, months, currency, unit }: RehearsalProps) {
  const change = BigInt(rehearsal.afterMinor) - BigInt(rehearsal.beforeMinor)
  const filter = (only: string, count: number) =>
    count > 0 ? <a href={`${path}?months=${months}&only=${only}#customers`}>{formatCount(count)}</a> : '0'
  return (
    <section class="stack-m" aria-labelledby="rehearsal">
      <div class="row spread">
        <h2 id="rehearsal">Rehearsal with real usage</h2>
        <nav class="segmented" aria-label="Months">
          {MONTHS.map(count => (
            <a
              href={`${path}?months=${count}#rehearsal`}
              aria-current={count === months ? 'true' : undefined}
            >
              {count === 1 ? 'Last month' : `Last ${count} months`}
            </a>
          ))}
        </nav>
      </div>
      {!rehearsal.done && (
        <Notice tone="info">
          <span class="row">
            <span class="spinner" aria-hidden="true"></span>
            {`${formatCount(rehearsal.accounts)} customers so far; the numbers grow until all are done.`}
          </span>
        </Notice>
      )}
      <dl class="tiles">
        <Tile name="Customers" figure={formatCount(rehearsal.accounts)}>
          <p class="fine">{`${formatUnits(rehearsal.rehearsedMonths, 'month')} of usage, as of ${formatInstant(rehearsal.asOf)}`}</p>
        </Tile>
        <Tile name="Revenue" figure={signed(change, currency)}>
          <p class="fine">{`from ${formatAmount(rehearsal.beforeMinor, currency)} to ${formatAmount(rehearsal.afterMinor, currency)}`}</p>
        </Tile>
        <Tile
          name="Pay more / less"
          figure={
            <>
              {filter('pay_more', rehearsal.payMore)} / {filter('pay_less', rehearsal.payLess)}
            </>
          }
        />
        <Tile name="Leave what is included" figure={filter('leaves_included', rehearsal.leaveIncluded)} />
        <Tile name="Would have been stopped" figure={filter('stops', rehearsal.stop)}>
          <p class="fine">by a hard limit or their spend cap</p>
        </Tile>
      </dl>
      <p class="fine">
        The same calls on the other terms, before tax, discounts and credits.{' '}
        <a href={`${path}?months=${months}&restart=yes`}>Rehearse again with usage as of now</a>
      </p>
      {rehearsal.done && <Customers {...{ rows, currency, unit }} />}
      {nextCursor && (
        <p>
          <a class="button" href={`${path}?months=${months}&cursor=${nextCursor}#customers`}>
            More customers
          </a>
        </p>
      )}
    </section>
  )
}

function Customers({
  rows,
  currency,
  unit,
}: {
  rows: readonly RehearsedAccount[]
  currency: string
  unit: string
}) {
  if (rows.length === 0) return <p class="muted">No customers here.</p>
  return (
    <section class="card flush scroll" id="customers" tabindex={0} aria-label="Customers">
      <table>
        <thead>
          <tr>
            <th scope="col">Customer</th>
            <th scope="col">Months</th>
            <th scope="col" class="num">
              Before
            </th>
            <th scope="col" class="num">
              After
            </th>
            <th scope="col" class="num">
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr>
              <th scope="row">
                <span class="mono fine">{row.accountId}</span>
                <div class="fine">{row.planVersionId}</div>
              </th>
              <td>
                {row.months.map(month => (
                  <div class="fine">
                    {formatPeriod(month.period)}
                    {month.open && ' (running)'}: {formatUnits(month.usedUnits, unit)}{' '}
                    {month.leavesIncluded && <Badge tone="warn">beyond included</Badge>}{' '}
                    {month.stops && (
                      <Badge tone="bad">{month.stops === 'hard_limit' ? 'hard limit' : 'spend cap'}</Badge>
                    )}
                  </div>
                ))}
              </td>
              <td class="num">{formatAmount(row.beforeMinor, currency)}</td>
              <td class="num">{formatAmount(row.afterMinor, currency)}</td>
              <td class="num">{signed(BigInt(row.afterMinor) - BigInt(row.beforeMinor), currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const signed = (minor: bigint, currency: string): string =>
  `${minor > 0n ? '+' : minor < 0n ? '−' : '±'}${formatAmount(String(minor < 0n ? -minor : minor), currency)}`
