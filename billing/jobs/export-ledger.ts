import * as z from 'zod/mini'
import { isNew, type Table } from '#kernel/table'
import { DAY_MS, type Instant, instant, type Period, plusMs, toIso, utcMonthOf } from '#kernel/time'
import type { BillingDeps } from '../procedures/deps.ts'
import { type ExportedAccount, exportAccount, readExported } from '../proof/export-account.ts'
import { sha256 } from '../proof/part-writer.ts'

export type ExportDeps = Pick<BillingDeps, 'billing' | 'ledger' | 'objects' | 'plans'> & {
  /** From a month's end until its logs count as drained. */
  readonly drainMs: number
}
/** `done` false: more is to do than one run takes; the next one goes on. */
export type Exported = {
  readonly months: readonly string[]
  readonly rows: number
  readonly done: boolean
}

/** Nothing can arrive any more for a month that ended so long ago: log lines are kept for 60 days. */
const SETTLED_MS = 75 * DAY_MS
/** Rows of one run: a few minutes. */
export const ROWS_MAX = 2_000_000
const ACCOUNTS_A_PAGE = 200

/**
 * A month is exported twice to the same place: once drained, and once more, for good, when nothing can arrive for it any
 * more. `after` is the last account that is done.
 */
const stateSchema = z.object({
  month: z.string(),
  edition: z.enum(['drained', 'settled']),
  state: z.enum(['running', 'done']),
  after: z.string(),
})
type State = z.output<typeof stateSchema>

const PARTITION = 'ledger-export'

/**
 * Copies the whole ledger to S3, month by month, account by account (D17). Level-triggered: every drained month without a
 * manifest is exported, oldest first, from where the last run stopped or was cut off. Accounts come from `account-index`,
 * a page at a time; of each account only the hours are read in which something happened. One file at a time is held in
 * memory. Idle it is one query, and two until the first month.
 */
export async function exportLedger(deps: ExportDeps, now: Instant, rowsMax = ROWS_MAX): Promise<Exported> {
  const months: string[] = []
  let rows = 0
  for (const { month, edition } of await listDue(deps, now)) {
    const state = await begin(deps.billing, month, edition)
    const progress = await exportAccounts(deps, state, rowsMax - rows)
    rows += progress.rows
    if (!progress.done) return { months, rows, done: false }
    await finish(deps, state, now)
    months.push(month)
  }
  return { months, rows, done: true }
}

type Due = Pick<State, 'month' | 'edition'>

/** Months that have ended and drained and lack an edition, oldest first. */
async function listDue({ billing, plans, drainMs }: ExportDeps, now: Instant): Promise<Due[]> {
  const known = (await billing.query({ pk: PARTITION })).map(item => z.parse(stateSchema, item))
  const due: Due[] = []
  for (const period of await monthsSince(known[0]?.month, plans, now)) {
    const month = monthOf(period)
    const state = known.find(one => one.month === month)
    const edition = plusMs(period.end, SETTLED_MS) <= now ? 'settled' : 'drained'
    const isDone = state?.state === 'done' && (state.edition === 'settled' || edition === 'drained')
    if (plusMs(period.end, drainMs) <= now && !isDone) due.push({ month, edition })
  }
  return due
}

/** Nothing can have been used before the first plan was published. */
async function monthsSince(
  first: string | undefined,
  plans: Pick<ExportDeps['plans'], 'listVersions'>,
  now: Instant,
): Promise<Period[]> {
  const from = first
    ? periodOf(first).start
    : instant(Math.min(now, ...(await plans.listVersions()).map(({ publishedAt }) => publishedAt)))
  const months: Period[] = []
  for (let month = utcMonthOf(from); month.end <= now; month = utcMonthOf(month.end)) months.push(month)
  return months
}

/** Goes on with an edition that was begun, or begins it. */
async function begin(billing: Table, month: string, edition: State['edition']): Promise<State> {
  const key = { pk: PARTITION, sk: month }
  const item = await billing.get(key)
  const known = item && z.parse(stateSchema, item)
  if (known?.edition === edition && known.state === 'running') return known
  const state: State = { month, edition, state: 'running', after: '' }
  await billing.put(
    { ...state, ...key },
    known
      ? [
          { path: 'edition', equals: known.edition },
          { path: 'state', equals: known.state },
        ]
      : isNew,
  )
  return state
}

async function exportAccounts(
  { billing, ledger, objects }: ExportDeps,
  { month, after }: State,
  rowsMax: number,
): Promise<{ readonly rows: number; readonly done: boolean }> {
  let rows = 0
  let last = after
  for (;;) {
    const page = await billing.query({
      pk: 'account-index',
      // Nothing but a longer id sorts between an id and this.
      from: last === '' ? 'acct_' : `${last}~`,
      limit: ACCOUNTS_A_PAGE,
    })
    for (const { sk: accountId } of page) {
      rows += await exportAccount({ billing, ledger, objects }, month, periodOf(month), accountId)
      last = accountId
      if (rows >= rowsMax) {
        await remember(billing, month, last)
        return { rows, done: false }
      }
    }
    if (page.length < ACCOUNTS_A_PAGE) return { rows, done: true }
    await remember(billing, month, last)
  }
}

async function remember(billing: Table, month: string, after: string): Promise<void> {
  await billing.update({ pk: PARTITION, sk: month }, [{ set: 'after', to: after }], [{ present: 'pk' }])
}

/** The manifest comes last: where it is, everything is. */
async function finish({ billing, objects }: ExportDeps, state: State, now: Instant): Promise<void> {
  const accounts = await readExported(billing, state.month)
  const manifest = manifestOf(state, accounts)
  const key = `ledger/${state.month}/manifest.json`
  await objects.put(key, Buffer.from(manifest), { contentType: 'application/json' })
  await billing.update({ pk: PARTITION, sk: state.month }, [
    { set: 'edition', to: state.edition },
    { set: 'state', to: 'done' },
    { set: 'exportedAt', to: now },
    { set: 'manifestSha256', to: sha256(manifest) },
  ])
}

/** One line an account, in the order of their ids, so that two manifests can be compared. */
function manifestOf({ month, edition }: State, accounts: readonly ExportedAccount[]): string {
  const rows = accounts.reduce((sum, account) => sum + account.rows, 0)
  const lines = accounts.map(account => JSON.stringify(account)).join(',\n')
  return `{"v":1,"month":"${month}","edition":"${edition}","rows":${rows},"accounts":[\n${lines}\n]}\n`
}

const monthOf = ({ start }: Period): string => toIso(start).slice(0, 7)
const periodOf = (month: string): Period => utcMonthOf(instant(Date.parse(`${month}-01T00:00:00Z`)))
