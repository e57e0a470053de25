import type { PurgeQueueRequest } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { SqsError } from '../errors.ts'
import type { SqsOperation } from '../sqs.ts'
import { queueAt } from '../state.ts'

const input = z.strictObject({ QueueUrl: z.string() }) satisfies z.ZodType<PurgeQueueRequest>

const PAUSE_MS = 60_000

export const purgeQueue: SqsOperation<typeof input, Record<string, never>> = {
  input,
  run(sqs, { QueueUrl }, context) {
    const queue = queueAt(sqs, QueueUrl)
    context.authorize('sqs:PurgeQueue', queue.arn)
    const now = sqs.cloud.clock.now()
    if (queue.purgedAt !== undefined && now - queue.purgedAt < PAUSE_MS) {
      throw new SqsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      )
    }
    queue.messages = []
    queue.purgedAt = now
    sqs.cloud.clock.wrote()
    return {}
  },
}
