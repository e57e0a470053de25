import type { DeleteMessageBatchRequest, DeleteMessageBatchResult } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { checkEntries, eachEntry } from '../batch.ts'
import type { SqsOperation } from '../sqs.ts'
import { queueAt } from '../state.ts'
import { deleteByHandle } from './delete-message.ts'

const input = z.strictObject({
  QueueUrl: z.string(),
  Entries: z.array(z.strictObject({ Id: z.string(), ReceiptHandle: z.string() })),
}) satisfies z.ZodType<DeleteMessageBatchRequest>

export const deleteMessageBatch: SqsOperation<typeof input, DeleteMessageBatchResult> = {
  input,
  run(sqs, { QueueUrl, Entries }, context) {
    const queue = queueAt(sqs, QueueUrl)
    context.authorize('sqs:DeleteMessage', queue.arn)
    checkEntries('DeleteMessage', Entries)
    return eachEntry(Entries, entry => {
      deleteByHandle(sqs, queue, entry.ReceiptHandle)
      return {}
    })
  },
}
