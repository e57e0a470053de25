import type { ListDeadLetterSourceQueuesRequest, ListDeadLetterSourceQueuesResult } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { integer } from '../../../input/members.ts'
import { sourcesOf } from '../attributes.ts'
import { paginate } from '../paginate.ts'
import type { SqsOperation } from '../sqs.ts'
import { queueAt } from '../state.ts'

const input = z.strictObject({
  QueueUrl: z.string(),
  MaxResults: z.optional(integer()),
  NextToken: z.optional(z.string()),
}) satisfies z.ZodType<ListDeadLetterSourceQueuesRequest>

export const listDeadLetterSourceQueues: SqsOperation<typeof input, ListDeadLetterSourceQueuesResult> = {
  input,
  run(sqs, query, context) {
    const queue = queueAt(sqs, query.QueueUrl)
    context.authorize('sqs:ListDeadLetterSourceQueues', queue.arn)
    const urls = sourcesOf(sqs, queue)
      .map(source => source.url)
      .sort()
    const { items, ...more } = paginate(urls, query)
    return { queueUrls: items, ...more }
  },
}
