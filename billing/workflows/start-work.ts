import { isNew, type Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import type { Executions } from './executions.ts'
import { type Machine, readWorkItem, type WorkItem, workKey } from './work-item.ts'

export type WorkOrder = {
  readonly machine: Machine
  readonly machineArn: string
  /** Names the work item: the invoice, the account, the plan version. */
  readonly object: string
  /** Names the execution: `<machine>-<subject>-<attempt>`. Letters, digits, `-` and `_` only. */
  readonly subject: string
  readonly input: Readonly<Record<string, unknown>>
}

/** Started: the execution's name. Else why nothing was started. */
export type Started = { readonly started: string } | { readonly started: null; readonly because: string }

/**
 * Starts the work once. Attempt and owner are written before the execution is started, so whoever comes next sees one
 * of: nothing (start), an owner that does not exist (start it), one that works or has finished (nothing to do), one
 * that failed (take over with the next attempt). A duplicate starts nothing.
 */
export async function startWork(
  table: Table,
  executions: Executions,
  order: WorkOrder,
  now: Instant,
): Promise<Started> {
  const work = await readWorkItem(table, order.machine, order.object)
  if (work?.state === 'held') return idle('an administrator has to decide')
  if (work?.owner) {
    const status = await executions.status(order.machineArn, work.owner)
    if (status === 'running' || status === 'succeeded') return idle(`${work.owner} is ${status}`)
    if (status === 'missing') return run(executions, order, work.owner, work.attempt)
  }
  const attempt = (work?.attempt ?? 0) + 1
  const owner = executionName(order, attempt)
  if (!(await claim(table, order, work, attempt, owner, now))) return idle('somebody else was faster')
  return run(executions, order, owner, attempt)
}

export const executionName = ({ machine, subject }: WorkOrder, attempt: number): string =>
  `${machine}-${subject}-${attempt}`

async function run(
  executions: Executions,
  order: WorkOrder,
  owner: string,
  attempt: number,
): Promise<Started> {
  await executions.start(order.machineArn, owner, { ...order.input, attempt })
  return { started: owner }
}

async function claim(
  table: Table,
  order: WorkOrder,
  read: WorkItem | undefined,
  attempt: number,
  owner: string,
  now: Instant,
): Promise<boolean> {
  const key = workKey(order.machine, order.object)
  const state = order.machine === 'change-plan' ? 'switching' : 'running'
  if (!read) return table.put({ ...key, state, attempt, owner, since: now, ...order.input }, isNew)
  const changes = Object.entries({ state, attempt, owner, ...order.input })
  return (
    (await table.update(
      key,
      changes.map(([name, value]) => ({ set: name, to: value })),
      [{ path: 'attempt', equals: read.attempt }],
    )) !== undefined
  )
}

const idle = (because: string): Started => ({ started: null, because })
