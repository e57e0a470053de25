import type {
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityBatchResult,
} from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { integer } from '../../../input/members.ts'
import { checkEntries, eachEntry } from '../batch.ts'
import { missingParameter } from '../errors.ts'
import type { SqsOperation } from '../sqs.ts'
import { queueAt } from '../state.ts'
import { changeVisibility } from './change-message-visibility.ts'

const input = z.strictObject({
  QueueUrl: z.string(),
  Entries: z.array(
    z.strictObject({
      Id: z.string(),
      ReceiptHandle: z.string(),
      VisibilityTimeout: z.optional(integer()),
    }),
  ),
}) satisfies z.ZodType<ChangeMessageVisibilityBatchRequest>

export const changeMessageVisibilityBatch: SqsOperation<typeof input, ChangeMessageVisibilityBatchResult> = {
  input,
  run(sqs, { QueueUrl, Entries }, context) {
    const queue = queueAt(sqs, QueueUrl)
    context.authorize('sqs:ChangeMessageVisibility', queue.arn)
    checkEntries('ChangeMessageVisibility', Entries)
    return eachEntry(Entries, entry => {
      if (entry.VisibilityTimeout === undefined) throw missingParameter('VisibilityTimeout')
      changeVisibility(sqs, queue, entry.ReceiptHandle, entry.VisibilityTimeout)
      return {}
    })
  },
}
