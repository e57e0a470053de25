import { randomUUID } from 'node:crypto'
import type { StartMessageMoveTaskRequest, StartMessageMoveTaskResult } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { integer } from '../../../input/members.ts'
import { sourcesOf } from '../attributes.ts'
import { requireWithin, SqsError } from '../errors.ts'
import type { Sqs, SqsOperation } from '../sqs.ts'
import { AS_NEW, moveMessage, type Queue, queueByArn } from '../state.ts'

const input = z.strictObject({
  SourceArn: z.string(),
  DestinationArn: z.optional(z.string()),
  MaxNumberOfMessagesPerSecond: z.optional(integer()),
}) satisfies z.ZodType<StartMessageMoveTaskRequest>

const MAX_PER_SECOND = 500
/** Tasks that are told of by ListMessageMoveTasks. */
const KEPT_TASKS = 10

/**
 * Moves the messages of a dead-letter queue back to where they came from, or to another queue. Only a queue that some
 * redrive policy names is a dead-letter queue to SQS. Everything moves at once, whatever the rate.
 */
export const startMessageMoveTask: SqsOperation<typeof input, StartMessageMoveTaskResult> = {
  input,
  run(sqs, { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond }, context) {
    context.authorize('sqs:StartMessageMoveTask', SourceArn)
    requireWithin('MaxNumberOfMessagesPerSecond', MaxNumberOfMessagesPerSecond, 1, MAX_PER_SECOND)
    const source = existing(sqs, SourceArn, 'SourceArn')
    if (sourcesOf(sqs, source).length === 0) {
      throw new SqsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.')
    }
    const destination =
      DestinationArn === undefined ? undefined : existing(sqs, DestinationArn, 'DestinationArn')
    if (destination === source) {
      throw new SqsError('InvalidParameterValue', 'Source and destination queues must not be the same.')
    }
    const task = {
      handle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: source.arn })).toString('base64'),
      destinationArn: DestinationArn,
      perSecond: MaxNumberOfMessagesPerSecond,
      startedAt: sqs.cloud.clock.now(),
      moved: moveAll(sqs, source, destination),
    }
    source.moves = [task, ...source.moves].slice(0, KEPT_TASKS)
    sqs.cloud.clock.wrote()
    return { TaskHandle: task.handle }
  },
}

function existing(sqs: Sqs, arn: string, parameter: string): Queue {
  const queue = queueByArn(sqs, arn)
  if (queue) return queue
  throw new ServiceError(
    'ResourceNotFoundException',
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
  )
}

/** What has no source of its own stays, unless a destination is given. */
function moveAll(sqs: Sqs, from: Queue, destination: Queue | undefined): number {
  const now = sqs.cloud.clock.now()
  let moved = 0
  for (const message of from.messages.filter(one => one.visibleAt <= now)) {
    const to =
      destination ?? (message.sourceArn === undefined ? undefined : queueByArn(sqs, message.sourceArn))
    if (!to) continue
    moveMessage(sqs, message, { from, to }, AS_NEW)
    moved += 1
  }
  return moved
}
