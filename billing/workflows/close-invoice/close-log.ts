import * as z from 'zod/mini'
import { closeHistorySchema } from '#billing/contract'
import { accountIdSchema, instantSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import { type Instant, toIso } from '#kernel/time'
import type { Step } from '../run-step.ts'
import type { CloseState } from './state.ts'

/**
 * Where closes are found and what happened to them:
 * - `closes#<yyyy-mm>` / `<end>#<invoice>`: every close, by the month in which its period ended;
 * - `closes-held` / `<invoice>`: those that wait for an administrator;
 * - `close-log#<invoice>` / `<attempt>#<step>#<outcome>`: each step that was taken, once.
 */
const refSchema = z.object({ accountId: accountIdSchema, invoiceId: z.string() })
export type CloseRef = z.output<typeof refSchema>
const HELD = 'closes-held'
const monthPartition = (month: string): string => `closes#${month}`

export async function listClose(
  billing: Table,
  { accountId, invoiceId }: CloseRef,
  end: Instant,
): Promise<void> {
  const [pk, sk] = [monthPartition(toIso(end).slice(0, 7)), `${toIso(end)}#${invoiceId}`]
  await billing.put({ accountId, invoiceId, pk, sk })
}

/** Newest first. */
export async function closesOfMonth(billing: Table, month: string, limit: number): Promise<CloseRef[]> {
  const items = await billing.query({
    ...{ pk: monthPartition(month), descending: true, limit, consistent: false },
  })
  return items.map(item => z.parse(refSchema, item))
}

export async function listAsHeld(billing: Table, { accountId, invoiceId }: CloseRef): Promise<void> {
  await billing.put({ accountId, invoiceId, pk: HELD, sk: invoiceId })
}

export async function unlistHeld(billing: Table, { invoiceId }: CloseRef): Promise<void> {
  await billing.remove({ pk: HELD, sk: invoiceId })
}

export async function heldCloses(billing: Table): Promise<CloseRef[]> {
  return (await billing.query({ pk: HELD })).map(item => z.parse(refSchema, item))
}

const logPartition = (invoiceId: string): string => `close-log#${invoiceId}`

/** The step, and a note of what came of it. */
export function logged(billing: Table, step: string, run: Step<CloseState>): Step<CloseState> {
  return async (state, now) => {
    const next = await run(state, now)
    const outcome = step === 'fail' ? (state.error?.Error ?? 'failed') : (next.outcome ?? 'done')
    const { attempt, invoiceId } = state
    const sk = `${String(attempt).padStart(4, '0')}#${step}#${outcome}`
    await billing.put({ at: now, attempt, step, outcome, pk: logPartition(invoiceId), sk }, isNew)
    return next
  }
}

const historySchema = z.extend(closeHistorySchema, { at: instantSchema })

/** Oldest first. */
export async function readHistory(billing: Table, invoiceId: string) {
  const items = await billing.query({ pk: logPartition(invoiceId) })
  return items
    .map(item => z.parse(historySchema, item))
    .sort((a, b) => a.at - b.at || a.attempt - b.attempt || ORDER.indexOf(a.step) - ORDER.indexOf(b.step))
}

/** Steps of one instant, in the order in which the machine takes them. */
const ORDER = [
  'hold',
  'report',
  'settle',
  'finalize',
  'compare',
  'credit',
  'collect',
  'record',
  'prove',
  'fail',
]
