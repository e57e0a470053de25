import * as z from 'zod/mini'
import type { World } from '../world/world.ts'
import type { AccountFacts } from './facts.ts'
import { trueUnits } from './truth.ts'
import { demand, iso } from './violation.ts'

/** Log lines as late as this can let calls pass that a counter repair gave room to. */
const PROMPT_MS = 3_600_000
/** By then the end of a subscription was followed, notification or not. */
const SWITCHED_MS = 6 * PROMPT_MS
const counterSchema = z.object({
  limit: z.int(),
  left: z.int(),
  settled: z._default(z.int(), 0),
  h: z.record(z.string(), z.int()),
  sk: z.string(),
})

/** A hard limit is exact: its counters add up, and no Free month holds more than the quota. */
export async function checkQuota({ product }: World, facts: AccountFacts): Promise<void> {
  const { account, segments, calls, planOf } = facts
  const items = await product.tables.access.quiet.query({ pk: `counter#${account.accountId}` })
  for (const { limit, left, settled, h, sk } of items.map(item => z.parse(counterSchema, item))) {
    const taken = Object.values(h).reduce((sum, units) => sum + units, settled)
    demand(
      left + taken === limit,
      () => `the counter of ${sk} has ${left} left and ${taken} taken of ${limit}`,
    )
  }
  for (const { start, end, subscriptionId, planVersionId } of segments) {
    const quota = planOf(planVersionId).hardLimitUnits
    const late = calls.some(
      ({ usedAt, usage }) => start <= usedAt && usedAt < end && (usage?.takenAt ?? 0) > usedAt + PROMPT_MS,
    )
    if (subscriptionId !== null || quota === null || late) continue
    // Who comes from a paid plan has its limits until Free is in force.
    const left = segments.some(one => one.end === start && one.subscriptionId !== null)
    const units = trueUnits(calls, left ? start + SWITCHED_MS : start, end)
    demand(units <= quota, () => `${units} units passed the quota ${quota} of the month ${iso(start)}`)
  }
}
