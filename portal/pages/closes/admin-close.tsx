import {
  type billingContract,
  type ComparedLine,
  REPAIRS,
  type Repair,
  type StatementLine,
} from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import { Field, Notice, Token } from '../../components/form.tsx'
import { CloseBadge, InvoiceStatus } from '../../components/invoice-badges.tsx'
import { Badge, Head } from '../../components/parts.tsx'
import { formatCount } from '../../format/numbers.ts'
import { formatAmount } from '../../format/prices.ts'
import { formatExactly, formatPeriodExactly } from '../../format/time.ts'
import { formatUnrounded } from './exact.ts'
import { ProofCard } from './proof-card.tsx'

type Answer = Awaited<ReturnType<Handlers<typeof billingContract>['adminGetClose']>>
export type CloseDetail = Extract<Answer, { ok: true }>['value']

/** What each repair does, for who has to choose. */
export const REPAIR_TEXTS: Readonly<Record<Repair, { title: string; text: string }>> = {
  retry: {
    title: 'Report again',
    text: 'Measure the usage anew and go on from the report. Right when the cause is gone.',
  },
  credit: {
    title: 'Credit the difference',
    text: 'Our statement is right and Stripe bills too much: a credit note before collection.',
  },
  accept: {
    title: 'Accept Stripe’s invoice',
    text: 'Collect it as it is. The difference in units goes to the next invoice.',
  },
  waive: {
    title: 'Waive units',
    text: 'The customer is never billed for them. Without a number: all that are owed and not invoiced.',
  },
}

type Props = {
  close: CloseDetail
  /** Of the account; undefined: nobody has it. */
  email: string | undefined
  token: string
  done?: Repair | undefined
  /** Why what was asked for did not happen. */
  refusal?: string | undefined
}

/** One close: Stripe's lines beside ours, the numbers, its history, and what can be done about it. */
export function CloseView({ close, email, token, done, refusal }: Props) {
  const { summary, invoice, planName, currency } = close
  return (
    <div class="stack">
      <Head
        title={invoice.number ? `Close of ${invoice.number}` : 'Close of a draft'}
        lede={`${planName}, ${formatPeriodExactly(summary.period)}`}
      >
        {!done && <CloseBadge close={summary.close} />}
      </Head>
      {done && (
        <Notice tone="good" title={`Decided: ${REPAIR_TEXTS[done].title}`}>
          The close goes on. Load this page again in a minute to see what came of it.
        </Notice>
      )}
      {refusal && (
        <Notice tone="bad" title="Nothing was done">
          {refusal}
        </Notice>
      )}
      {summary.close === 'held' && !done && (
        <Notice tone="bad" title="Held: nothing is collected until you decide">
          {summary.reason ?? 'The reason is in the execution.'}
        </Notice>
      )}
      <dl class="facts">
        <dt>Account</dt>
        <dd>
          <a href={`/admin/accounts/${summary.accountId}`}>{email ?? summary.accountId}</a>
        </dd>
        <dt>Invoice</dt>
        <dd class="row">
          <span>{formatAmount(invoice.totalMinor, currency)}</span>
          <InvoiceStatus status={invoice.status} />
          <span class="mono fine">{summary.invoiceId}</span>
          {invoice.hostedUrl && <a href={invoice.hostedUrl}>At Stripe</a>}
        </dd>
        {close.decision && (
          <>
            <dt>Decision</dt>
            <dd>{`${REPAIR_TEXTS[close.decision.repair].title}, ${formatExactly(close.decision.at)}: ${close.decision.reason}`}</dd>
          </>
        )}
      </dl>
      <Lines lines={close.lines} currency={currency} />
      <Units close={close} />
      {close.proof && <ProofCard proof={close.proof} unit={close.unit} />}
      {close.work?.state === 'held' && !done && <Repairs close={close} token={token} />}
      {close.history.length > 0 && <History close={close} />}
    </div>
  )
}

function Lines({ lines, currency }: { lines: readonly ComparedLine[]; currency: string }) {
  // The statement is made once the invoice is finalized: before, there is nothing that could differ.
  const isRated = lines.some(({ ours }) => ours !== null)
  return (
    <section class="card flush" aria-labelledby="lines-title">
      <div class="head">
        <div>
          <h2 id="lines-title">Line by line</h2>
          {!isRated && (
            <p class="fine">Our statement is made, and compared, once Stripe’s invoice is finalized.</p>
          )}
        </div>
      </div>
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Stripe’s invoice</th>
              <th scope="col" class="num">
                Amount
              </th>
              <th scope="col">Our statement</th>
              <th scope="col" class="num">
                Amount
              </th>
              <th scope="col">Same</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ stripe, ours, equal }) => (
              <tr>
                <Side line={stripe} currency={currency} />
                <Side line={ours} currency={currency} absent={isRated ? 'No such line' : 'Not yet'} />
                <td>
                  {isRated && (equal ? <Badge tone="good">Same</Badge> : <Badge tone="bad">Differs</Badge>)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Side({
  line,
  currency,
  absent = 'No such line',
}: {
  line: StatementLine | null
  currency: string
  absent?: string
}) {
  if (!line)
    return (
      <>
        <td class="muted">{absent}</td>
        <td class="num muted">–</td>
      </>
    )
  return (
    <>
      <td>
        {line.description}
        <div class="fine">
          {`${formatCount(line.quantity)} × ${line.unitPriceMinor ? formatUnrounded(line.unitPriceMinor, currency) : 'no unit price'}`}
        </div>
      </td>
      <td class="num">{formatAmount(line.amountMinor, currency)}</td>
    </>
  )
}

function Units({ close }: { close: CloseDetail }) {
  const { measure, reportedUnits, summaryUnits, unit } = close
  const rows: readonly (readonly [string, number | null])[] = [
    ['Owed, as frozen by the close', measure?.owedUnits ?? null],
    ['Reported by us', reportedUnits],
    ['Received by Stripe, as of now', summaryUnits],
  ]
  return (
    <section class="card stack-m" aria-labelledby="units-title">
      <h2 id="units-title">{`Numbers, in ${unit}s`}</h2>
      <dl class="facts">
        {rows.map(([name, units]) => (
          <>
            <dt>{name}</dt>
            <dd>{units === null ? 'Not yet' : formatCount(units)}</dd>
          </>
        ))}
      </dl>
    </section>
  )
}

/** What can be done while Stripe has not finalized the invoice: there is nothing yet to accept or to credit. */
const ON_DRAFT: ReadonlySet<Repair> = new Set(['retry', 'waive'])

function Repairs({ close, token }: { close: CloseDetail; token: string }) {
  const { accountId, invoiceId } = close.summary
  const isFinal = close.invoice.status !== 'draft'
  return (
    <section class="card stack-m" aria-labelledby="repairs-title">
      <h2 id="repairs-title">Decide</h2>
      <p class="fine">
        Each shows what it will do before anything happens. An invoice of a period is never voided.
      </p>
      {REPAIRS.filter(repair => isFinal || ON_DRAFT.has(repair)).map(repair => (
        <form method="post" action={`/admin/closes/${accountId}/${invoiceId}/${repair}`} class="stack-m">
          <Token value={token} />
          <h3>{REPAIR_TEXTS[repair].title}</h3>
          <p class="fine">{REPAIR_TEXTS[repair].text}</p>
          <div class="row">
            {repair === 'waive' && (
              <label>
                <span class="fine">Units</span>
                <input name="units" inputmode="numeric" autocomplete="off" maxlength={15} />
              </label>
            )}
            <button type="submit" class="small">
              Preview
            </button>
          </div>
        </form>
      ))}
    </section>
  )
}

/** The steps of a close and what they came to, by the names in its history. */
const STEPS: Readonly<Record<string, string>> = {
  hold: 'Invoice taken, late usage awaited',
  report: 'Usage measured and reported',
  settle: 'Stripe’s own sum awaited',
  finalize: 'Invoice finalized',
  compare: 'Compared line by line',
  credit: 'Credit note issued',
  collect: 'Collected',
  record: 'Statement and proof recorded',
  prove: 'Proof files written',
  fail: 'Stopped',
}
const OUTCOMES: Readonly<Record<string, string>> = {
  equal: 'Everything agrees',
  held: 'Waiting',
  pending: 'Not yet the same',
  CloseHeld: 'Held for a decision',
  not_ours: 'Not ours to close',
}

/** `carried_over` and `StripeDown` as `Carried over` and `Stripe down`. */
function inWords(name: string): string {
  const words = name
    .replaceAll('_', ' ')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function History({ close }: { close: CloseDetail }) {
  return (
    <section class="card flush" aria-labelledby="history-title">
      <div class="head">
        <h2 id="history-title">History</h2>
      </div>
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">When (UTC)</th>
              <th scope="col">Step</th>
              <th scope="col">Outcome</th>
              <th scope="col" class="num">
                Attempt
              </th>
            </tr>
          </thead>
          <tbody>
            {close.history.map(({ at, step, outcome, attempt }) => (
              <tr>
                <th scope="row" class="nowrap">
                  {formatExactly(at)}
                </th>
                <td>{STEPS[step] ?? inWords(step)}</td>
                <td>{OUTCOMES[outcome] ?? inWords(outcome)}</td>
                <td class="num">{attempt}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

type RepairAnswer = Awaited<ReturnType<Handlers<typeof billingContract>['adminWaiveClose']>>
export type RepairPreview = Extract<RepairAnswer, { ok: true }>['value']['plan']

/** What exactly will happen, and the reason for it, before it happens. */
export function ConfirmRepair({
  path,
  plan,
  token,
  units,
  error,
}: {
  path: string
  plan: RepairPreview
  token: string
  units?: string | undefined
  error?: string | undefined
}) {
  return (
    <div class="stack">
      <Head title={REPAIR_TEXTS[plan.repair].title} lede="Nothing has happened yet." />
      <section class="card stack-m">
        <h2>What will happen</h2>
        <ol>
          {plan.steps.map(step => (
            <li>{step}</li>
          ))}
        </ol>
        <form method="post" action={`${path}/${plan.repair}`} class="stack-m" data-once>
          <Token value={token} />
          <input type="hidden" name="plan" value={plan.planId} />
          {units && <input type="hidden" name="units" value={units} />}
          <Field label="Reason" name="reason" maxlength={400} hint="Kept in the audit trail." error={error} />
          <div class="row">
            <button type="submit" class="primary">
              {REPAIR_TEXTS[plan.repair].title}
            </button>
            <a class="button" href={path}>
              Leave it
            </a>
          </div>
        </form>
      </section>
    </div>
  )
}
