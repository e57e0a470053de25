import type { ListQueuesRequest, ListQueuesResult } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { integer } from '../../../input/members.ts'
import { paginate } from '../paginate.ts'
import type { SqsOperation } from '../sqs.ts'

const input = z.strictObject({
  QueueNamePrefix: z.optional(z.string()),
  MaxResults: z.optional(integer()),
  NextToken: z.optional(z.string()),
}) satisfies z.ZodType<ListQueuesRequest>

export const listQueues: SqsOperation<typeof input, ListQueuesResult> = {
  input,
  run({ cloud, queues }, query, context) {
    context.authorize('sqs:ListQueues', `arn:aws:sqs:${cloud.region}:${cloud.accountId}:*`)
    const found = [...queues.values()]
      .filter(queue => queue.name.startsWith(query.QueueNamePrefix ?? ''))
      .map(queue => queue.url)
      .sort()
    const { items, ...more } = paginate(found, query)
    return { ...(items.length > 0 ? { QueueUrls: items } : {}), ...more }
  },
}
