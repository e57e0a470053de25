import type { ChangeMessageVisibilityRequest } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { integer } from '../../../input/members.ts'
import { invalidParameter, requireWithin, SqsError } from '../errors.ts'
import { messageOf } from '../receipt-handle.ts'
import type { Sqs, SqsOperation } from '../sqs.ts'
import { type Queue, queueAt, wakePolls } from '../state.ts'

const input = z.strictObject({
  QueueUrl: z.string(),
  ReceiptHandle: z.string(),
  VisibilityTimeout: integer(),
}) satisfies z.ZodType<ChangeMessageVisibilityRequest>

const MAX_SECONDS = 43_200

/** Hides a received message for so many seconds from now; 0 shows it again at once. */
export const changeMessageVisibility: SqsOperation<typeof input, Record<string, never>> = {
  input,
  run(sqs, { QueueUrl, ReceiptHandle, VisibilityTimeout }, context) {
    const queue = queueAt(sqs, QueueUrl)
    context.authorize('sqs:ChangeMessageVisibility', queue.arn)
    changeVisibility(sqs, queue, ReceiptHandle, VisibilityTimeout)
    return {}
  },
}

export function changeVisibility(sqs: Sqs, queue: Queue, handle: string, seconds: number): void {
  requireWithin('VisibilityTimeout', seconds, 0, MAX_SECONDS)
  const now = sqs.cloud.clock.now()
  const message = messageOf(queue, handle)
  if (message === undefined || message.visibleAt <= now) {
    throw new SqsError(
      'MessageNotInflight',
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    )
  }
  if (now + seconds * 1000 - (message.firstReceivedAt ?? now) > MAX_SECONDS * 1000) {
    throw invalidParameter(
      'VisibilityTimeout',
      seconds,
      `Total VisibilityTimeout for the message is beyond the limit [${MAX_SECONDS} seconds]`,
    )
  }
  message.visibleAt = now + seconds * 1000
  wakePolls(sqs)
}
