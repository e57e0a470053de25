import { randomUUID } from 'node:crypto'
import type { LocalCloud, LocalTime } from '../../contract.ts'
import type { StoredSchedule } from './state.ts'

/** Hands one occurrence to the schedule's target, which is called as the schedule's role. */
export async function runSchedule(
  cloud: LocalCloud,
  schedule: StoredSchedule,
  scheduledAt: LocalTime,
): Promise<void> {
  const { target } = schedule
  const { input: _, ...delivery } = target
  const identity = { kind: 'service', principal: 'scheduler.amazonaws.com', sourceArn: schedule.arn } as const
  try {
    await cloud.deliver(delivery, inputOf(cloud, schedule, scheduledAt), identity)
  } catch (error) {
    cloud.journal({ source: 'scheduler', summary: `${schedule.name} not delivered`, detail: String(error) })
  }
}

/**
 * The target's input with the context attributes filled in, or Scheduler's default event.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function inputOf(cloud: LocalCloud, schedule: StoredSchedule, scheduledAt: LocalTime): unknown {
  const time = `${new Date(scheduledAt).toISOString().slice(0, 19)}Z`
  if (schedule.target.input === undefined) return defaultEvent(cloud, schedule, time)
  const values: Readonly<Record<string, string>> = {
    'schedule-arn': schedule.arn,
    'scheduled-time': time,
    'execution-id': randomUUID(),
    'attempt-number': '1',
  }
  const filled = schedule.target.input.replace(
    /<aws\.scheduler\.([a-z-]+)>/g,
    (placeholder, name) => values[name] ?? placeholder,
  )
  return JSON.parse(filled)
}

const defaultEvent = (cloud: LocalCloud, schedule: StoredSchedule, time: string) => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.scheduler',
  account: cloud.accountId,
  time,
  region: cloud.region,
  resources: [schedule.arn],
  detail: '{}',
})
