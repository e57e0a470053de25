import * as z from 'zod/mini'
import { type MeterProblem, meterProblemSchema } from '#billing/contract'
import { instantSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import { DAY_MS, type Instant, plusMs, toIso } from '#kernel/time'

/** Meter events that Stripe refused after it took them: `meter-problem` / `<instant>#<event>`. */
const PARTITION = 'meter-problem'
const keyOf = ({ receivedAt, eventId }: MeterProblem) => ({
  pk: PARTITION,
  sk: `${toIso(receivedAt)}#${eventId}`,
})
const storedSchema = z.extend(meterProblemSchema, { announcedAt: z.optional(instantSchema) })

/** Days that the reconciliation page looks back. */
const SHOWN_DAYS = 30

/** Keeps the problem once. */
export const addMeterProblem = (billing: Table, problem: MeterProblem): Promise<boolean> =>
  billing.put({ ...problem, ...keyOf(problem) }, isNew)

/** Newest first. */
export async function listMeterProblems(billing: Table, now: Instant): Promise<MeterProblem[]> {
  const from = toIso(plusMs(now, -SHOWN_DAYS * DAY_MS))
  const items = await billing.query({ pk: PARTITION, from, to: '~', descending: true, consistent: false })
  return items.map(item => z.parse(meterProblemSchema, item))
}

/** Tells each problem that nobody heard of yet; it counts as told when this returns. */
export async function announceMeterProblems(billing: Table, now: Instant): Promise<string[]> {
  const told: string[] = []
  const from = toIso(plusMs(now, -SHOWN_DAYS * DAY_MS))
  for (const item of await billing.query({ pk: PARTITION, from, to: '~', consistent: false })) {
    const problem = z.parse(storedSchema, item)
    if (problem.announcedAt !== undefined) continue
    const codes = problem.codes.map(({ code, count }) => `${code} × ${count}`).join(', ')
    told.push(`Stripe refused meter events (${problem.eventId}): ${codes}`)
    await billing.update(keyOf(problem), [{ set: 'announcedAt', to: now }], [{ present: 'pk' }])
  }
  return told
}
