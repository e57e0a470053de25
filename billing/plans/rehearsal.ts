import * as z from 'zod/mini'
import {
  type Rehearsal,
  type RehearsedAccount,
  rehearsalSchema,
  rehearsedAccountSchema,
} from '#billing/contract'
import { derivedId } from '#kernel/ids'
import type { Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import type { BillingDeps } from '../procedures/deps.ts'
import { pageAccounts } from './page-accounts.ts'
import type { PlanTerms } from './plan-terms.ts'
import { rehearseAccounts, sum } from './rehearse.ts'

/**
 * A rehearsal of all customers of a plan, batch by batch: `rehearsal#<plan>#<target>` holds `run`, how far it is and its
 * totals, and `row#<account>` for each customer. Rows of a batch are written before the run counts them, and the run
 * counts a batch on condition that nobody else did: a batch that was cut off is done again and counted once.
 */
const runSchema = z.extend(rehearsalSchema, {
  /** What is rehearsed: another draft, or other months, is another rehearsal. */
  basis: z.string(),
  cursor: z.nullable(z.string()),
  step: z.int(),
})
type Run = z.output<typeof runSchema>
const rowSchema = z.extend(rehearsedAccountSchema, { basis: z.string(), asOf: z.int() })

export type RehearsalOrder = {
  readonly target: Rehearsal['target']
  readonly terms: PlanTerms
  readonly months: number
  readonly restart: boolean
  readonly now: Instant
}
type Deps = Pick<BillingDeps, 'accounts' | 'billing' | 'ledger' | 'plans'>

/** Customers of one call: a few seconds, far below the function's timeout. */
const BATCH = 50

const partition = (planId: string, target: string): string => `rehearsal#${planId}#${target}`
const runKey = (planId: string, target: string) => ({ pk: partition(planId, target), sk: 'run' })

/** Rehearses the next batch, or says how it ended. */
export async function continueRehearsal(deps: Deps, order: RehearsalOrder): Promise<Rehearsal> {
  const { billing } = deps
  const { terms, target, months } = order
  const basis = derivedId('basis', JSON.stringify(terms), String(months))
  let run = await readRun(billing, terms.id, target)
  if (!run || run.basis !== basis || order.restart) run = await begin(billing, order, basis)
  if (run.done) return z.parse(rehearsalSchema, run)
  const page = await pageAccounts(billing, run.cursor, BATCH)
  const planned = page.accounts
    .filter(({ planVersionId }) => planVersionId.startsWith(`${terms.id}@`) && planVersionId !== target)
    .map(({ accountId }) => accountId)
  const rows = await rehearseAccounts(deps, planned, terms, { months, asOf: run.asOf })
  for (const row of rows)
    await billing.put({
      ...{ ...row, basis, asOf: run.asOf },
      ...{ pk: partition(terms.id, target), sk: `row#${row.accountId}` },
    })
  const next = {
    ...count(run, rows),
    cursor: page.nextCursor,
    done: page.nextCursor === null,
    step: run.step + 1,
  }
  const counted = await billing.put({ ...next, ...runKey(terms.id, target) }, [
    { path: 'step', equals: run.step },
    { path: 'basis', equals: basis },
    { path: 'asOf', equals: run.asOf },
  ])
  const current = counted ? next : ((await readRun(billing, terms.id, target)) ?? next)
  return z.parse(rehearsalSchema, current)
}

async function readRun(billing: Table, planId: string, target: string): Promise<Run | undefined> {
  const item = await billing.get(runKey(planId, target))
  return item && z.parse(runSchema, item)
}

async function begin(billing: Table, order: RehearsalOrder, basis: string): Promise<Run> {
  const { terms, target, months, now } = order
  const run: Run = {
    ...{ planId: terms.id, target, months, asOf: now, basis, cursor: null, done: false, step: 0 },
    ...{ accounts: 0, rehearsedMonths: 0, beforeMinor: '0', afterMinor: '0' },
    ...{ payMore: 0, payLess: 0, leaveIncluded: 0, stop: 0 },
  }
  await billing.put({ ...run, ...runKey(terms.id, target) })
  return run
}

function count(run: Run, rows: readonly RehearsedAccount[]): Run {
  const difference = (row: RehearsedAccount) => BigInt(row.afterMinor) - BigInt(row.beforeMinor)
  return {
    ...run,
    accounts: run.accounts + rows.length,
    rehearsedMonths: run.rehearsedMonths + rows.reduce((total, { months }) => total + months.length, 0),
    beforeMinor: sum([run.beforeMinor, ...rows.map(({ beforeMinor }) => beforeMinor)]),
    afterMinor: sum([run.afterMinor, ...rows.map(({ afterMinor }) => afterMinor)]),
    payMore: run.payMore + rows.filter(row => difference(row) > 0n).length,
    payLess: run.payLess + rows.filter(row => difference(row) < 0n).length,
    leaveIncluded: run.leaveIncluded + rows.filter(({ leavesIncluded }) => leavesIncluded).length,
    stop: run.stop + rows.filter(({ stops }) => stops).length,
  }
}

export type RowFilter = 'pay_more' | 'pay_less' | 'leaves_included' | 'stops'
const FILTERS: Readonly<Record<RowFilter, (row: RehearsedAccount) => boolean>> = {
  pay_more: row => BigInt(row.afterMinor) > BigInt(row.beforeMinor),
  pay_less: row => BigInt(row.afterMinor) < BigInt(row.beforeMinor),
  leaves_included: row => row.leavesIncluded,
  stops: row => row.stops,
}

const ROWS = 50
/** A page of a rare kind reads so many rows at most; then it is short, and goes on with its cursor. */
const READ_MAX = 500

/** Rows of the newest rehearsal, by account. */
export async function listRehearsed(
  billing: Table,
  of: { planId: string; target: string; only?: RowFilter | undefined; cursor?: string | undefined },
): Promise<{ rows: RehearsedAccount[]; nextCursor: string | null }> {
  const run = await readRun(billing, of.planId, of.target)
  if (!run) return { rows: [], nextCursor: null }
  const fits = of.only ? FILTERS[of.only] : () => true
  const items = await billing.query({
    pk: partition(of.planId, of.target),
    from: of.cursor === undefined ? 'row#' : `row#${of.cursor}~`,
    to: 'row#~',
    limit: READ_MAX,
  })
  const rows: RehearsedAccount[] = []
  let last: string | null = null
  for (const item of items) {
    const row = z.parse(rowSchema, item)
    last = row.accountId
    if (row.basis !== run.basis || row.asOf !== run.asOf || !fits(row)) continue
    rows.push(z.parse(rehearsedAccountSchema, row))
    if (rows.length === ROWS) return { rows, nextCursor: last }
  }
  return { rows, nextCursor: items.length === READ_MAX ? last : null }
}
