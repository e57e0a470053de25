import type { SendMessageBatchRequest, SendMessageBatchResult } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { checkEntries, eachEntry } from '../batch.ts'
import { SqsError } from '../errors.ts'
import { MESSAGE, send, sizeOf } from '../send.ts'
import type { SqsOperation } from '../sqs.ts'
import { queueAt } from '../state.ts'

const input = z.strictObject({
  QueueUrl: z.string(),
  Entries: z.array(z.strictObject({ Id: z.string(), ...MESSAGE })),
}) satisfies z.ZodType<SendMessageBatchRequest>

const MAX_BYTES = 1_048_576

/** Up to ten messages; a bad one fails alone. */
export const sendMessageBatch: SqsOperation<typeof input, SendMessageBatchResult> = {
  input,
  run(sqs, { QueueUrl, Entries }, context) {
    const queue = queueAt(sqs, QueueUrl)
    context.authorize('sqs:SendMessage', queue.arn)
    checkEntries('SendMessage', Entries)
    const bytes = Entries.reduce((sum, entry) => sum + sizeOf(entry), 0)
    if (bytes > MAX_BYTES) {
      throw new SqsError(
        'BatchRequestTooLong',
        `Batch requests cannot be longer than ${MAX_BYTES} bytes. You have sent ${bytes} bytes.`,
      )
    }
    return eachEntry(Entries, entry => send(sqs, queue, entry, context.identity))
  },
}
