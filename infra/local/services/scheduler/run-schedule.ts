import { randomUUID } from 'node:crypto'
import type { DeliveryTarget, LocalCloud, LocalTime } from '../../contract.ts'
import type { StoredSchedule } from './state.ts'

/** Hands one occurrence to the schedule's target, which is called as the schedule's role. */
export async function runSchedule(
  cloud: LocalCloud,
  schedule: StoredSchedule,
  scheduledAt: LocalTime,
): Promise<void> {
  const { input: _, ...target } = schedule.target
  const occurrence = {
    time: `${new Date(scheduledAt).toISOString().slice(0, 19)}Z`,
    executionId: randomUUID(),
  }
  const delivery: DeliveryTarget = {
    ...target,
    deadLetterAttributes: {
      SCHEDULE_ARN: schedule.arn,
      SCHEDULED_TIME: occurrence.time,
      EXECUTION_ID: occurrence.executionId,
    },
  }
  const identity = { kind: 'service', principal: 'scheduler.amazonaws.com', sourceArn: schedule.arn } as const
  const event = inputOf(cloud, schedule, occurrence)
  const point = { service: 'scheduler', operation: 'Run', resource: schedule.name }
  try {
    await cloud.faults.deliver(point, () => cloud.deliver(delivery, event, identity))
  } catch (error) {
    cloud.journal({ source: 'scheduler', summary: `${schedule.name} not delivered`, detail: String(error) })
  }
}

type Occurrence = { readonly time: string; readonly executionId: string }

/**
 * The target's input with the context attributes filled in, or Scheduler's default event.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function inputOf(cloud: LocalCloud, schedule: StoredSchedule, occurrence: Occurrence): unknown {
  const { input } = schedule.target
  if (input === undefined) return defaultEvent(cloud, schedule, occurrence)
  const values = new Map([
    ['schedule-arn', schedule.arn],
    ['scheduled-time', occurrence.time],
    ['execution-id', occurrence.executionId],
    ['attempt-number', '1'],
  ])
  return JSON.parse(
    input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (placeholder, name) => values.get(name) ?? placeholder),
  )
}

const defaultEvent = (cloud: LocalCloud, schedule: StoredSchedule, { time, executionId }: Occurrence) => ({
  version: '0',
  id: executionId,
  'detail-type': 'Scheduled Event',
  source: 'aws.scheduler',
  account: cloud.accountId,
  time,
  region: cloud.region,
  resources: [schedule.arn],
  detail: '{}',
})
