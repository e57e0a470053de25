import type { SetQueueAttributesRequest } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { readAttributes } from '../attributes.ts'
import type { SqsOperation } from '../sqs.ts'
import { queueAt } from '../state.ts'

const input = z.strictObject({
  QueueUrl: z.string(),
  Attributes: z.record(z.string(), z.string()),
}) satisfies z.ZodType<SetQueueAttributesRequest>

/** Changes a queue at run time; the template's own values come back with a fresh start. */
export const setQueueAttributes: SqsOperation<typeof input, Record<string, never>> = {
  input,
  run(sqs, { QueueUrl, Attributes }, context) {
    const queue = queueAt(sqs, QueueUrl)
    context.authorize('sqs:SetQueueAttributes', queue.arn)
    const attributes = readAttributes(sqs, Attributes)
    for (const [name, value] of attributes) queue.changed.set(name, value)
    const policy = attributes.get('Policy')
    if (policy !== undefined) {
      sqs.cloud.setResourcePolicy(queue.arn, policy === '' ? undefined : JSON.parse(policy))
    }
    queue.modifiedAt = sqs.cloud.clock.now()
    sqs.cloud.clock.wrote()
    return {}
  },
}
