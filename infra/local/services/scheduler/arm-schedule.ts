import { parseExpression } from './expression/parse.ts'
import { runSchedule } from './run-schedule.ts'
import type { Scheduler } from './scheduler.ts'
import type { StoredSchedule } from './state.ts'

/** Puts a schedule on the clock, in place of the job it has there. Throws when its expression cannot be read. */
export function armSchedule({ cloud }: Scheduler, schedule: StoredSchedule): void {
  const { startAt, endAt } = schedule
  const occurrences = parseExpression(schedule.expression, schedule.timezone, startAt ?? schedule.createdAt)
  schedule.job?.cancel()
  schedule.job = undefined
  if (!schedule.enabled) return
  schedule.job = cloud.clock.every({
    label: `schedule ${schedule.name}`,
    reader: functionOf(schedule.target.arn),
    next(after) {
      const next = occurrences(startAt === undefined ? after : Math.max(after, startAt - 1))
      return next !== undefined && endAt !== undefined && next >= endAt ? undefined : next
    },
    run: scheduledAt => runSchedule(cloud, schedule, scheduledAt),
  })
}

/** Name of the function that an ARN names; undefined for other targets. */
const functionOf = (arn: string): string | undefined =>
  /^arn:[^:]*:lambda:[^:]*:[^:]*:function:([^:]+)/.exec(arn)?.[1]
