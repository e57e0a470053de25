import type { DeleteMessageRequest } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { messageOf } from '../receipt-handle.ts'
import type { Sqs, SqsOperation } from '../sqs.ts'
import { type Queue, queueAt } from '../state.ts'

const input = z.strictObject({
  QueueUrl: z.string(),
  ReceiptHandle: z.string(),
}) satisfies z.ZodType<DeleteMessageRequest>

export const deleteMessage: SqsOperation<typeof input, Record<string, never>> = {
  input,
  run(sqs, { QueueUrl, ReceiptHandle }, context) {
    const queue = queueAt(sqs, QueueUrl)
    context.authorize('sqs:DeleteMessage', queue.arn)
    deleteByHandle(sqs, queue, ReceiptHandle)
    return {}
  },
}

/** Deleting twice, or with the handle of an earlier receipt, succeeds and changes nothing. */
export function deleteByHandle(sqs: Sqs, queue: Queue, handle: string): void {
  const message = messageOf(queue, handle)
  if (message === undefined) return
  queue.messages = queue.messages.filter(other => other !== message)
  sqs.cloud.clock.wrote()
}
