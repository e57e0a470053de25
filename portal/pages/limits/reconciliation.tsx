import type { MeterProblem, Reconciliation } from '#billing/contract'
import type { Instant } from '#kernel/time'
import { Field, Notice, Token, type Tone } from '../../components/form.tsx'
import { Badge, Empty, Head } from '../../components/parts.tsx'
import { formatCount, formatUnits } from '../../format/numbers.ts'
import { formatAgo, formatDate, formatExactly } from '../../format/time.ts'
import type { AppContext } from '../../http/app-env.ts'
import { asAdmin } from '../../http/call.ts'
import { formFields } from '../../http/form-fields.ts'
import { failedPage } from '../../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'
import { DayDetail } from './reconciliation-day.tsx'

const TITLE = 'Reconciliation'

export const STATES: Readonly<Record<Reconciliation['state'], readonly [string, Tone | undefined]>> = {
  clean: ['Agrees', 'good'],
  replayed: ['Replayed', 'info'],
  reading: ['Reading', undefined],
  deviating: ['Deviates', 'bad'],
}

/** Whether the logs, the ledger, API Gateway and Stripe tell the same, day by day; dead letters and refused reports. */
export const reconciliationPages: Pages = (app, ports) => {
  app.get('/admin/reconciliation', c => overview(c, ports, {}))

  app.get('/admin/reconciliation/:day', async c => {
    const day = c.req.param('day')
    const found = await ports.billing.adminGetReconciliation({ day }, asAdmin(c, ports, signedIn(c)))
    if (!found.ok) return failedPage(c, TITLE, { ...found, code: 'not_found' })
    return page(c, { title: `${TITLE} of ${day}` }, <DayDetail day={found.value} />)
  })

  app.post('/admin/reconciliation/redrive', async c => {
    const { reason } = await formFields(c, 'reason')
    if (reason.length < 3) return overview(c, ports, { error: 'Say why, in at least three characters.' })
    const redriven = await ports.billing.adminRedrive({ reason }, asAdmin(c, ports, signedIn(c)))
    if (!redriven.ok) return overview(c, ports, { error: redriven.message })
    const { taken, left } = redriven.value
    return c.redirect(`/admin/reconciliation?taken=${taken}&left=${left}`, 303)
  })
}

async function overview(c: AppContext, ports: PagePorts, state: { readonly error?: string }) {
  const call = asAdmin(c, ports, signedIn(c))
  const before = c.req.query('before')
  const input = before && /^\d{4}-\d{2}-\d{2}$/.test(before) ? { before } : {}
  const [found, letters] = await Promise.all([
    ports.billing.adminListReconciliations(input, call),
    ports.billing.adminListDeadLetters({}, call),
  ])
  if (!found.ok) return failedPage(c, TITLE, found)
  if (!letters.ok) return failedPage(c, TITLE, letters)
  const { days, meterProblems } = found.value
  const taken = Number(c.req.query('taken') ?? Number.NaN)
  return page(
    c,
    { title: TITLE, status: state.error ? 422 : 200 },
    <div class="stack">
      <Head
        title={TITLE}
        lede="Each settled day: access log and ledger by request id, API Gateway’s counters, Stripe’s summaries."
      />
      {Number.isSafeInteger(taken) && (
        <Notice tone="good" title={`${formatUnits(taken, 'dead letter')} read again`}>
          What parses now is in the ledger. What does not was queued again with its newest reason.
        </Notice>
      )}
      <Days days={days} now={ports.now()} />
      {days.length === 31 && (
        <p>
          <a class="button" href={`/admin/reconciliation?before=${days.at(-1)?.day}`}>
            Earlier days
          </a>
        </p>
      )}
      <Letters {...letters.value} error={state.error} token={c.get('formToken')()} />
      <Problems problems={meterProblems} />
    </div>,
  )
}

function Days({ days, now }: { days: readonly Reconciliation[]; now: Instant }) {
  if (days.length === 0)
    return (
      <Empty title="No day was reconciled yet">
        <p>A day is read at 03:30 UTC, once it ended more than a day ago.</p>
      </Empty>
    )
  return (
    <section class="card flush scroll" tabindex={0} aria-label="Days">
      <table>
        <thead>
          <tr>
            <th scope="col">Day (UTC)</th>
            <th scope="col">Result</th>
            <th scope="col" class="num">
              Served
            </th>
            <th scope="col" class="num">
              Missing
            </th>
            <th scope="col" class="num">
              Voided
            </th>
            <th scope="col" class="num optional">
              Gateway
            </th>
            <th scope="col" class="num optional">
              Stripe
            </th>
            <th scope="col" class="optional">
              Checked
            </th>
          </tr>
        </thead>
        <tbody>
          {days.map(day => (
            <tr>
              <th scope="row" class="nowrap">
                <a href={`/admin/reconciliation/${day.day}`}>{formatDate(Date.parse(day.day))}</a>
              </th>
              <td>
                <Badge tone={STATES[day.state][1]}>{STATES[day.state][0]}</Badge>
              </td>
              <td class="num">{formatCount(day.served)}</td>
              <td class="num">{formatCount(day.missing)}</td>
              <td class="num">{formatCount(day.voided)}</td>
              <td class="num optional">{day.gateway ? formatCount(day.gateway.countedCalls) : '–'}</td>
              <td class="num optional">
                {day.stripe ? differing(day.stripe.differences.length, day.stripe.segments) : '–'}
              </td>
              <td class="nowrap optional">{formatAgo(day.checkedAt, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const LETTERS = {
  line: 'a log line',
  delivery: 'a delivery that failed',
  other: 'not one of ours',
} as const

const differing = (different: number, segments: number): string =>
  different === 0 ? 'Agrees' : `${formatCount(different)} of ${formatCount(segments)} differ`

type LettersProps = {
  readonly waiting: number
  readonly letters: readonly {
    readonly kind: keyof typeof LETTERS
    readonly reason: string
    readonly sentAt: Instant
  }[]
  readonly error: string | undefined
  readonly token: string
}

function Letters({ waiting, letters, error, token }: LettersProps) {
  return (
    <section class="card stack-m" aria-labelledby="letters-title">
      <h2 id="letters-title">{`Dead letters: ${formatCount(waiting)}`}</h2>
      {waiting === 0 ? (
        <p class="muted">Nothing waits. Log lines that are no records would be kept here with the reason.</p>
      ) : (
        <>
          <ul>
            {letters.map(({ kind, reason, sentAt }) => (
              <li>
                {`${formatExactly(sentAt)} UTC, ${LETTERS[kind]}: `}
                <span class="mono">{reason}</span>
              </li>
            ))}
          </ul>
          <form method="post" action="/admin/reconciliation/redrive" class="inline-form" data-once>
            <Token value={token} />
            <Field label="Reason" name="reason" maxlength={300} autocomplete="off" error={error} />
            <button class="primary" type="submit">
              Read them again
            </button>
          </form>
        </>
      )}
    </section>
  )
}

function Problems({ problems }: { problems: readonly MeterProblem[] }) {
  if (problems.length === 0) return null
  return (
    <section class="card stack-m" aria-labelledby="problems-title">
      <h2 id="problems-title">Meter events that Stripe refused</h2>
      <ul>
        {problems.map(({ receivedAt, codes, rejected, unnamed }) => (
          <li>
            {`${formatExactly(receivedAt)} UTC: `}
            <span class="mono">{codes.map(({ code, count }) => `${code} × ${count}`).join(', ')}</span>
            {`. ${formatCount(rejected.length)} named and sent again, ${formatCount(unnamed)} not named.`}
          </li>
        ))}
      </ul>
    </section>
  )
}
