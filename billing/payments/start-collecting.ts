import * as z from 'zod/mini'
import { instantSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import { type Instant, MINUTE_MS, plusMs } from '#kernel/time'
import type { Executions } from '../workflows/executions.ts'
import type { Started } from '../workflows/start-work.ts'
import { workItemSchema, workKey } from '../workflows/work-item.ts'
import { getDunning } from './dunning-record.ts'

export type CollectStarter = {
  readonly billing: Table
  readonly executions: Executions
  readonly machines: { readonly collectPayment: string }
}

/** How long a woken execution is left alone: longer than its steps take. */
const WAKE_MS = 5 * MINUTE_MS

const workSchema = z.extend(workItemSchema, {
  /** When somebody last started an execution although one was waiting. */
  wokenAt: z.optional(instantSchema),
})

/**
 * Starts collecting an invoice, or takes over from an execution that failed. With `wake` a waiting execution is taken
 * over, too: an execution cannot be told that the invoice was paid, but the next attempt looks at once and stops the one
 * before. Attempt and owner are written before the execution is started; a duplicate starts nothing.
 */
export async function startCollecting(
  { billing, executions, machines }: CollectStarter,
  of: { readonly accountId: string; readonly invoiceId: string },
  now: Instant,
  { wake = false } = {},
): Promise<Started> {
  const { invoiceId } = of
  const arn = machines.collectPayment
  const record = await getDunning(billing, of)
  if (record?.finishedAt !== undefined) return idle('the invoice was settled')
  const key = workKey('collect-payment', invoiceId)
  const item = await billing.get(key)
  const work = item && z.parse(workSchema, item)
  const run = async (name: string, attempt: number): Promise<Started> => {
    await executions.start(arn, name, { ...of, attempt })
    return { started: name }
  }
  if (work?.owner) {
    const status = await executions.status(arn, work.owner)
    if (status === 'missing') return run(work.owner, work.attempt)
    const wasWoken = work.wokenAt !== undefined && now < plusMs(work.wokenAt, WAKE_MS)
    if (status === 'running' && (!wake || wasWoken)) return idle(`${work.owner} is running`)
    // Whoever ended the subscription has done all that can be done; only a payment is news.
    if (status === 'succeeded' && record?.cancelledAt !== undefined && !wake)
      return idle(`${work.owner} is succeeded`)
  }
  const attempt = (work?.attempt ?? 0) + 1
  const owner = collectExecution(invoiceId, attempt)
  const claim = { state: 'running', attempt, owner, ...of, ...(wake && { wokenAt: now }) }
  const claimed = work
    ? (await billing.update(
        key,
        Object.entries(claim).map(([set, to]) => ({ set, to })),
        [{ path: 'attempt', equals: work.attempt }],
      )) !== undefined
    : await billing.put({ ...key, since: now, ...claim }, isNew)
  return claimed ? run(owner, attempt) : idle('somebody else was faster')
}

/** The execution that owns an invoice now; null while there is none. */
export async function collectOwner(billing: Table, invoiceId: string): Promise<string | null> {
  const item = await billing.get(workKey('collect-payment', invoiceId))
  return item ? z.parse(workSchema, item).owner : null
}

export const collectExecution = (invoiceId: string, attempt: number): string =>
  `collect-payment-${invoiceId}-${attempt}`

const idle = (because: string): Started => ({ started: null, because })
