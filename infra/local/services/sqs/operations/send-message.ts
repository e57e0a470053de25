import type { SendMessageRequest, SendMessageResult } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { MESSAGE, send } from '../send.ts'
import type { SqsOperation } from '../sqs.ts'
import { queueAt } from '../state.ts'

const input = z.strictObject({ QueueUrl: z.string(), ...MESSAGE }) satisfies z.ZodType<SendMessageRequest>

export const sendMessage: SqsOperation<typeof input, SendMessageResult> = {
  input,
  run(sqs, message, context) {
    const queue = queueAt(sqs, message.QueueUrl)
    context.authorize('sqs:SendMessage', queue.arn)
    return send(sqs, queue, message, context.identity)
  },
}
