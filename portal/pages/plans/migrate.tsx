import type { MigratedAccount, Migration } from '#billing/contract'
import { Notice } from '../../components/form.tsx'
import { Badge, Empty, Head, Tile } from '../../components/parts.tsx'
import { formatCount, formatUnits } from '../../format/numbers.ts'
import { formatDate, formatInstant } from '../../format/time.ts'
import type { AppContext } from '../../http/app-env.ts'
import { asAdmin } from '../../http/call.ts'
import { formFields } from '../../http/form-fields.ts'
import { notFoundPage } from '../../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'
import { planIdOf } from './edit-draft.tsx'
import { Input, ReasonForm } from './parts.tsx'
import { filterOf, monthsOf, RehearsalView } from './review.tsx'

const WATCH_SECONDS = 3
const NOTICE_DAYS = '14'

/** Moves customers on older versions of a plan to its newest one: preview, start, progress, pause, undo. */
export const migratePages: Pages = (app, ports) => {
  app.get('/admin/plans/:planId/migrate', c => migratePage(c, ports))

  app.post('/admin/plans/:planId/migrate', async c => {
    const planId = planIdOf(c)
    if (!planId) return notFoundPage(c)
    const fields = await formFields(c, 'action', 'reason', 'toVersionId', 'noticeDays')
    const { action, reason, toVersionId } = fields
    const call = asAdmin(c, ports, signedIn(c))
    const { billing } = ports
    const noticeDays = /^\d{1,2}$/.test(fields.noticeDays) ? Number(fields.noticeDays) : -1
    const done =
      action === 'pause'
        ? await billing.adminPauseMigration({ planId, reason }, call)
        : action === 'resume'
          ? await billing.adminResumeMigration({ planId, reason }, call)
          : action === 'undo'
            ? await billing.adminUndoMigration({ planId, reason }, call)
            : await billing.adminStartMigration({ planId, toVersionId, noticeDays, reason }, call)
    if (!done.ok) return migratePage(c, ports, done.message)
    return c.redirect(`/admin/plans/${planId}/migrate`, 303)
  })
}

async function migratePage(c: AppContext, ports: PagePorts, refusal?: string) {
  const planId = planIdOf(c)
  const call = asAdmin(c, ports, signedIn(c))
  const listed = await ports.billing.adminListPlans({}, call)
  if (!listed.ok) throw new Error(`plans could not be listed: ${listed.code}`)
  const versions = listed.value.versions.filter(({ id }) => id === planId)
  const newest = versions[0]
  if (!planId || !newest) return notFoundPage(c)
  const migration = listed.value.migrations.find(one => one.planId === planId)
  const isOpen = migration !== undefined && migration.state !== 'done' && migration.state !== 'undone'
  const cursor = filterOf(c).cursor
  const detail =
    migration && (await ports.billing.adminGetMigration({ planId, ...(cursor && { cursor }) }, call))
  const waiting = versions.slice(1).reduce((sum, version) => sum + version.accounts, 0)
  const isMoving = migration?.state === 'running' && migration.counts.pending > 0
  const title = `Migrate ${newest.name}`
  return page(
    c,
    {
      title,
      status: refusal ? 409 : 200,
      ...(isMoving || migration?.state === 'undoing'
        ? { watch: { seconds: WATCH_SECONDS, state: JSON.stringify(migration?.counts) } }
        : {}),
    },
    <div class="stack">
      <Head
        title={title}
        lede={`To ${newest.planVersionId}, each customer at the renewal. Nothing is charged before it, and usage until then is billed at the old prices.`}
      />
      {refusal && (
        <Notice tone="bad" title="Nothing was changed">
          {refusal}
        </Notice>
      )}
      {detail?.ok && (
        <Progress
          migration={detail.value.migration}
          rows={detail.value.rows}
          nextCursor={detail.value.nextCursor}
          token={c.get('formToken')()}
        />
      )}
      {!isOpen && (
        <Preview
          {...{ planId, waiting }}
          target={newest.planVersionId}
          parts={await previewParts(c, ports, newest)}
          token={c.get('formToken')()}
        />
      )}
    </div>,
  )
}

async function previewParts(
  c: AppContext,
  ports: PagePorts,
  {
    id: planId,
    planVersionId: toVersionId,
    currency,
    unit,
  }: { id: string; planVersionId: string; currency: string; unit: string },
) {
  const call = asAdmin(c, ports, signedIn(c))
  const months = monthsOf(c)
  const restart = c.req.query('restart') === 'yes'
  const preview = await ports.billing.adminPreviewMigration({ planId, toVersionId, months, restart }, call)
  if (!preview.ok) return null
  const rows = await ports.billing.adminListRehearsal({ planId, target: toVersionId, ...filterOf(c) }, call)
  return (
    <RehearsalView
      path={`/admin/plans/${planId}/migrate`}
      rehearsal={preview.value}
      rows={rows.ok ? rows.value.rows : []}
      nextCursor={rows.ok ? rows.value.nextCursor : null}
      {...{ months, currency, unit }}
    />
  )
}

function Preview(props: {
  readonly planId: string
  readonly target: string
  readonly waiting: number
  readonly token: string
  readonly parts: Awaited<ReturnType<typeof previewParts>>
}) {
  if (props.waiting === 0)
    return (
      <Empty title="Nothing to migrate">
        <p>{`Nobody is on a version before ${props.target}.`}</p>
        <a class="button" href="/admin/plans">
          Back to the plans
        </a>
      </Empty>
    )
  return (
    <>
      {props.parts}
      <section class="card stack-m" aria-labelledby="start">
        <h2 id="start">{`Migrate ${formatUnits(props.waiting, 'customer')}`}</h2>
        <p>
          Each one is told by mail as soon as the change is scheduled. Customers with a change of their own,
          or with an overdue payment, are left alone and listed. Until an hour before a renewal it can be
          undone.
        </p>
        <ReasonForm
          action={`/admin/plans/${props.planId}/migrate`}
          token={props.token}
          button="Start the migration"
          hidden={{ action: 'start', toVersionId: props.target }}
        >
          <Input
            label="Notice (days)"
            name="noticeDays"
            value={NOTICE_DAYS}
            numeric
            hint="Whoever renews sooner than this is moved at the renewal after that. The law may ask for more than you like."
          />
        </ReasonForm>
      </section>
    </>
  )
}

const STATES: Readonly<Record<Migration['state'], readonly [string, 'good' | 'warn' | 'info']>> = {
  running: ['Running', 'info'],
  paused: ['Paused: nobody further is scheduled', 'warn'],
  undoing: ['Being undone', 'warn'],
  undone: ['Undone', 'warn'],
  done: ['Done', 'good'],
}

function Progress({
  migration,
  rows,
  nextCursor,
  token,
}: {
  migration: Migration
  rows: readonly MigratedAccount[]
  nextCursor: string | null
  token: string
}) {
  const { planId, counts, state } = migration
  const [words, tone] = STATES[state]
  const action = `/admin/plans/${planId}/migrate`
  return (
    <>
      <Notice tone={tone} title={`${words}: to ${migration.toVersionId}`}>
        {`Started ${formatInstant(migration.startedAt)} with a notice of ${migration.noticeDays} days: ${migration.reason}`}
      </Notice>
      <dl class="tiles">
        <Tile name="Migrated" figure={formatCount(counts.migrated)} />
        <Tile name="Scheduled" figure={formatCount(counts.scheduled)}>
          <p class="fine">wait for their renewal</p>
        </Tile>
        <Tile name="To be scheduled" figure={formatCount(counts.pending)} />
        <Tile name="Left alone" figure={formatCount(counts.skipped)} />
        <Tile name="Failed" figure={formatCount(counts.failed)} />
        {counts.undone > 0 && <Tile name="Put back" figure={formatCount(counts.undone)} />}
      </dl>
      <Rows rows={rows} />
      {nextCursor && (
        <p>
          <a class="button" href={`${action}?cursor=${nextCursor}`}>
            More customers
          </a>
        </p>
      )}
      {state === 'running' && (
        <Card title="Pause" text="Nobody further is scheduled. Who is scheduled stays so.">
          <ReasonForm button="Pause" hidden={{ action: 'pause' }} {...{ action, token }} />
        </Card>
      )}
      {(state === 'paused' || (state === 'running' && counts.failed + counts.skipped > 0)) && (
        <Card title="Go on" text="Everybody who failed or was left alone is looked at again.">
          <ReasonForm button="Go on" hidden={{ action: 'resume' }} {...{ action, token }} />
        </Card>
      )}
      {(state === 'running' || state === 'paused') && (
        <Card
          title="Undo"
          text="Whoever has not renewed yet is put back and told so. Who has renewed stays on the new version."
        >
          <ReasonForm danger button="Undo the migration" hidden={{ action: 'undo' }} {...{ action, token }} />
        </Card>
      )}
    </>
  )
}

function Card({
  title,
  text,
  children,
}: {
  title: string
  text: string
  children?: import('hono/jsx').Child
}) {
  return (
    <details class="card flush">
      <summary>{title}</summary>
      <div class="stack-s card-body">
        <p>{text}</p>
        {children}
      </div>
    </details>
  )
}

const ROW_STATES: Readonly<
  Record<MigratedAccount['state'], readonly [string, 'good' | 'warn' | 'bad' | 'accent' | undefined]>
> = {
  pending: ['To be scheduled', undefined],
  scheduled: ['Scheduled', 'accent'],
  migrated: ['Migrated', 'good'],
  skipped: ['Left alone', 'warn'],
  failed: ['Failed', 'bad'],
  undone: ['Put back', undefined],
}

function Rows({ rows }: { rows: readonly MigratedAccount[] }) {
  if (rows.length === 0) return <p class="muted">The customers are being listed.</p>
  return (
    <section class="card flush scroll" tabindex={0} aria-label="Customers of the migration">
      <table>
        <thead>
          <tr>
            <th scope="col">Customer</th>
            <th scope="col">From</th>
            <th scope="col">State</th>
            <th scope="col">Renewal</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ accountId, fromVersionId, state, at, reason }) => {
            const [words, tone] = ROW_STATES[state]
            return (
              <tr>
                <th scope="row">
                  <a class="mono fine" href={`/admin/accounts/${accountId}`}>
                    {accountId}
                  </a>
                </th>
                <td class="nowrap">{fromVersionId}</td>
                <td>
                  <Badge tone={tone}>{words}</Badge>
                  {reason && <div class="fine">{reason}</div>}
                </td>
                <td class="nowrap">{at === null ? '' : formatDate(at)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
