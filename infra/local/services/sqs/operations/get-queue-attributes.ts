import type { GetQueueAttributesRequest, GetQueueAttributesResult } from '@aws-sdk/client-sqs'
import { type LocalCloud, type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { dropExpired, type Queue, queueAt, type SqsState } from '../state.ts'

export const getQueueAttributes =
  (cloud: LocalCloud, state: SqsState) =>
  (input: GetQueueAttributesRequest, context: OperationContext): GetQueueAttributesResult => {
    refuseUnknown('sqs GetQueueAttributes', input, ['QueueUrl', 'AttributeNames'])
    const queue = queueAt(state, input.QueueUrl)
    context.authorize('sqs:GetQueueAttributes', queue.arn)
    const now = cloud.clock.now()
    dropExpired(queue, now)
    const all = describe(queue, now)
    const wanted: readonly string[] = input.AttributeNames ?? []
    const unknown = wanted.find(name => name !== 'All' && !(name in all))
    if (unknown !== undefined) throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${unknown}.`)
    if (wanted.length === 0) return {}
    return {
      Attributes: Object.fromEntries(
        Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name)),
      ),
    }
  }

function describe(queue: Queue, now: number): Record<string, string> {
  const hidden = queue.messages.filter(message => message.visibleAt > now)
  const inFlight = hidden.filter(message => message.receiveCount > 0).length
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(queue.messages.length - hidden.length),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(hidden.length - inFlight),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    MaximumMessageSize: String(queue.maximumMessageBytes),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    DelaySeconds: String(queue.delaySeconds),
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
  }
}
