import type { GetQueueAttributesRequest, GetQueueAttributesResult } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { SqsError } from '../errors.ts'
import type { SqsOperation } from '../sqs.ts'
import { attributeOf, dropExpired, type Queue, queueAt } from '../state.ts'

/** Names are checked here, as SQS has an error of its own for one that it does not know. */
const input = z.strictObject({
  QueueUrl: z.string(),
  AttributeNames: z.optional(z.array(z.string())),
}) satisfies z.ZodType<Omit<GetQueueAttributesRequest, 'AttributeNames'>>

export const getQueueAttributes: SqsOperation<typeof input, GetQueueAttributesResult> = {
  input,
  run(sqs, { QueueUrl, AttributeNames: wanted = [] }, context) {
    const queue = queueAt(sqs, QueueUrl)
    context.authorize('sqs:GetQueueAttributes', queue.arn)
    const unknown = wanted.find(name => !KNOWN.has(name))
    if (unknown !== undefined) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`)
    const now = sqs.cloud.clock.now()
    dropExpired(queue, now)
    const found = Object.entries(describe(queue, now)).filter(
      ([name, value]) => value !== undefined && (wanted.includes('All') || wanted.includes(name)),
    )
    return found.length === 0 ? {} : { Attributes: Object.fromEntries(found) }
  },
}

/** Attributes that a standard queue has or may have. */
const KNOWN = new Set([
  'All',
  'Policy',
  'VisibilityTimeout',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
  'ApproximateNumberOfMessagesDelayed',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'FifoQueue',
  'ContentBasedDeduplication',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'DeduplicationScope',
  'FifoThroughputLimit',
  'RedriveAllowPolicy',
  'SqsManagedSseEnabled',
])

const STORED = [
  'VisibilityTimeout',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
  'SqsManagedSseEnabled',
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
]

function describe(queue: Queue, now: number): Record<string, string | undefined> {
  const hidden = queue.messages.filter(message => message.visibleAt > now)
  const inFlight = hidden.filter(message => message.receiveCount > 0).length
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(queue.messages.length - hidden.length),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(hidden.length - inFlight),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ...Object.fromEntries(STORED.map(name => [name, attributeOf(queue, name)])),
  }
}
