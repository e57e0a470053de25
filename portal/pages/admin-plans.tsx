import type * as z from 'zod/mini'
import type { billingContract, DriftCheck, Migration, PlanDraft, PlanVersion } from '#billing/contract'
import { Notice, Token } from '../components/form.tsx'
import { Badge, Empty, Head } from '../components/parts.tsx'
import { formatCount } from '../format/numbers.ts'
import { describeTiers, formatAmount } from '../format/prices.ts'
import { formatDate, formatInstant } from '../format/time.ts'
import { asAdmin } from '../http/call.ts'
import { failedPage, WATCH_SECONDS } from '../http/outcome-pages.tsx'
import { type Pages, signedIn } from '../http/ports.ts'
import { page } from '../http/render.tsx'

type Listed = z.output<(typeof billingContract)['adminListPlans']['output']>
type Version = Listed['versions'][number]
type Publishing = Listed['publishing'][number]

const MESSAGES: Readonly<Record<string, readonly ['good' | 'bad' | 'info', string]>> = {
  publishing: ['info', 'The version is being published. This takes a few seconds.'],
  archived: ['good', 'The plan is in the archive. Who is on it stays on it.'],
  unarchived: ['good', 'The plan is on sale again.'],
  discarded: ['good', 'The draft is discarded.'],
  checked: ['good', 'The plans were compared with Stripe and API Gateway just now.'],
  check_failed: [
    'bad',
    'Stripe or API Gateway did not answer, so nothing was compared. Try again in a minute.',
  ],
  bad_id: [
    'bad',
    'An id begins with a small letter and has at most 31 small letters, digits and hyphens: pro-2027.',
  ],
}

/** Every plan with its versions, who is on them, and what is going on with it. */
export const adminPlansPage: Pages = (app, ports) => {
  app.post('/admin/plans/check', async c => {
    const checked = await ports.billing.adminCheckDrift({}, asAdmin(c, ports, signedIn(c))).catch(() => null)
    return c.redirect(`/admin/plans?message=${checked?.ok ? 'checked' : 'check_failed'}`, 303)
  })

  app.get('/admin/plans', async c => {
    const listed = await ports.billing.adminListPlans({}, asAdmin(c, ports, signedIn(c)))
    const title = 'Plans'
    if (!listed.ok) return failedPage(c, title, listed)
    const { drafts, publishing, migrations, checked } = listed.value
    const versions = [...listed.value.versions].sort(inOrder)
    const message = MESSAGES[c.req.query('message') ?? '']
    const isPublishing = publishing.some(({ state }) => state === 'running')
    const token = c.get('formToken')()
    return page(
      c,
      {
        title,
        ...(isPublishing
          ? { watch: { seconds: WATCH_SECONDS, state: `publishing ${versions.length}` } }
          : {}),
      },
      <div class="stack">
        <Head
          title={title}
          lede="Every published version. Versions never change; customers keep the one they bought until you migrate them."
        />
        {message && <Notice tone={message[0]}>{message[1]}</Notice>}
        {publishing.map(one => (
          <PublishingNotice one={one} />
        ))}
        <DriftNotice {...{ checked, token }} />
        {versions.length === 0 ? (
          <Empty title="No plans published">
            <p>
              Plans appear here once they are published: draft one below, or apply the catalogue with{' '}
              <code>npm run plans -- apply</code>.
            </p>
          </Empty>
        ) : (
          <Table {...{ versions, drafts, migrations }} />
        )}
        <Drafts drafts={drafts.filter(({ planId }) => versions.every(({ id }) => id !== planId))} />
        <NewPlan token={token} />
      </div>,
    )
  })
}

/** Cheapest plan first, its newest version first. */
function inOrder(a: Version, b: Version): number {
  if (a.id === b.id) return b.version - a.version
  return Number(BigInt(a.flatFeeMinor) - BigInt(b.flatFeeMinor)) || a.id.localeCompare(b.id)
}

function PublishingNotice({ one }: { one: Publishing }) {
  if (one.state === 'running')
    return <Notice tone="info">{`${one.planVersionId} is being published.`}</Notice>
  return (
    <Notice tone="bad" title={`Publishing ${one.planVersionId} failed`}>
      {`Nothing of it is on sale. The execution of ${formatInstant(one.since)} names the reason; publish the draft again, or apply the catalogue file again, once it is mended.`}
    </Notice>
  )
}

function DriftNotice({ checked, token }: { checked: DriftCheck | null; token: string }) {
  const button = (
    <form method="post" action="/admin/plans/check" data-once>
      <Token value={token} />
      <button class="small" type="submit">
        Compare now
      </button>
    </form>
  )
  if (checked === null)
    return (
      <div class="row">
        <span class="muted">The plans were not compared with Stripe and API Gateway yet.</span>
        {button}
      </div>
    )
  const when = formatInstant(checked.checkedAt)
  if (checked.drift.length === 0)
    return (
      <div class="row">
        <span class="muted">{`Catalogue, Stripe and API Gateway said the same on ${when}.`}</span>
        {button}
      </div>
    )
  return (
    <Notice tone="warn" title={`Catalogue, Stripe and API Gateway differ (${when})`}>
      <ul class="stack-s">
        {checked.drift.map(({ subject, message, remedy }) => (
          <li>
            <strong>{subject}</strong> {message} {remedy}
          </li>
        ))}
      </ul>
      {button}
    </Notice>
  )
}

function Table(props: {
  readonly versions: readonly Version[]
  readonly drafts: readonly PlanDraft[]
  readonly migrations: readonly Migration[]
}) {
  const { versions } = props
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
          {versions.map((plan, i) => {
            const isNewest = versions[i - 1]?.id !== plan.id
            const older = versions.filter(({ id, version }) => id === plan.id && version < plan.version)
            return (
              <tr>
                <th scope="row">
                  {plan.name}
                  <div class="fine mono">{plan.planVersionId}</div>
                  {isNewest && <Actions {...props} {...{ plan, older }} />}
                </th>
                <td>
                  <State plan={plan} />
                </td>
                <td class="num">{formatCount(plan.accounts)}</td>
                <td class="num">{formatAmount(plan.flatFeeMinor, plan.currency)}</td>
                <td>
                  <Units plan={plan} />
                </td>
                <td class="nowrap">
                  {plan.limits.ratePerSecond}/s
                  <div class="fine">burst {formatCount(plan.limits.burst)}</div>
                </td>
                <td class="nowrap fine">{formatDate(plan.publishedAt)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function State({ plan }: { plan: Version }) {
  if (plan.live) return <Badge tone="good">Live</Badge>
  return plan.archivedAt === null ? <Badge>Replaced</Badge> : <Badge tone="warn">Archived</Badge>
}

function Units({ plan }: { plan: PlanVersion }) {
  if (plan.hardLimitUnits !== null) return <div>{formatCount(plan.hardLimitUnits)}, then refused</div>
  return (
    <>
      {describeTiers(plan).map(line => (
        <div class="nowrap">{line}</div>
      ))}
    </>
  )
}

/** What can be done with a plan, at its newest version. */
function Actions(props: {
  readonly plan: Version
  readonly older: readonly Version[]
  readonly drafts: readonly PlanDraft[]
  readonly migrations: readonly Migration[]
}) {
  const { plan, older, drafts, migrations } = props
  const draft = drafts.find(({ planId }) => planId === plan.id)
  const migration = migrations.find(
    ({ planId, state }) => planId === plan.id && state !== 'done' && state !== 'undone',
  )
  const waiting = older.reduce((sum, { accounts }) => sum + accounts, 0)
  const base = `/admin/plans/${plan.id}`
  return (
    <div class="row fine">
      <a href={`${base}/draft`}>
        {draft ? `Draft, revision ${draft.revision}` : 'New draft'}
        <span class="hidden">{` of ${plan.name}`}</span>
      </a>
      {migration ? (
        <a href={`${base}/migrate`}>{`Migration ${migration.state}`}</a>
      ) : (
        waiting > 0 && <a href={`${base}/migrate`}>{`Migrate ${formatCount(waiting)}`}</a>
      )}
      <a href={`${base}/archive`}>
        {plan.archivedAt === null ? 'Archive' : 'Put on sale'}
        <span class="hidden">{` ${plan.name}`}</span>
      </a>
    </div>
  )
}

/** Drafts of plans that were never published. */
function Drafts({ drafts }: { drafts: readonly PlanDraft[] }) {
  if (drafts.length === 0) return null
  return (
    <section class="card stack-s" aria-labelledby="drafts">
      <h2 id="drafts">Drafts of new plans</h2>
      <ul class="stack-s">
        {drafts.map(({ planId, revision, savedAt, problems }) => (
          <li class="row">
            <a href={`/admin/plans/${planId}/draft`}>{planId}</a>
            <span class="fine">{`revision ${revision}, saved ${formatInstant(savedAt)}`}</span>
            {problems.length > 0 ? <Badge tone="warn">Incomplete</Badge> : <Badge tone="good">Ready</Badge>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function NewPlan({ token }: { token: string }) {
  return (
    <section class="card stack-s" aria-labelledby="new-plan">
      <h2 id="new-plan">New plan</h2>
      <form method="post" action="/admin/plans/new" class="inline-form">
        <Token value={token} />
        <div class="field">
          <label for="planId">Id</label>
          <input
            id="planId"
            name="planId"
            required
            maxlength={31}
            autocomplete="off"
            aria-describedby="planId-hint"
          />
          <p class="fine" id="planId-hint">
            For good: it names the plan in Stripe and in addresses. Small letters, digits and hyphens.
          </p>
        </div>
        <button type="submit">Draft it</button>
      </form>
    </section>
  )
}
