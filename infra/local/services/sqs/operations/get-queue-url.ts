import type { GetQueueUrlRequest, GetQueueUrlResult } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import type { SqsOperation } from '../sqs.ts'
import { queueDoesNotExist } from '../state.ts'

const input = z.strictObject({
  QueueName: z.string(),
  QueueOwnerAWSAccountId: z.optional(z.string()),
}) satisfies z.ZodType<GetQueueUrlRequest>

export const getQueueUrl: SqsOperation<typeof input, GetQueueUrlResult> = {
  input,
  run({ cloud, queues }, { QueueName, QueueOwnerAWSAccountId = cloud.accountId }, context) {
    context.authorize('sqs:GetQueueUrl', `arn:aws:sqs:${cloud.region}:${QueueOwnerAWSAccountId}:${QueueName}`)
    const queue = QueueOwnerAWSAccountId === cloud.accountId ? queues.get(QueueName) : undefined
    if (!queue) throw queueDoesNotExist()
    return { QueueUrl: queue.url }
  },
}
