import type { ListMessageMoveTasksRequest, ListMessageMoveTasksResult } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { integer } from '../../../input/members.ts'
import { requireWithin } from '../errors.ts'
import type { SqsOperation } from '../sqs.ts'
import { queueByArn } from '../state.ts'

const input = z.strictObject({
  SourceArn: z.string(),
  MaxResults: z.optional(integer()),
}) satisfies z.ZodType<ListMessageMoveTasksRequest>

/** Newest first, only the newest unless more are asked for. */
export const listMessageMoveTasks: SqsOperation<typeof input, ListMessageMoveTasksResult> = {
  input,
  run(sqs, { SourceArn, MaxResults = 1 }, context) {
    context.authorize('sqs:ListMessageMoveTasks', SourceArn)
    requireWithin('MaxResults', MaxResults, 1, 10)
    const queue = queueByArn(sqs, SourceArn)
    if (!queue) {
      throw new ServiceError(
        'ResourceNotFoundException',
        "The resource that you specified for the SourceArn parameter doesn't exist.",
      )
    }
    const Results = queue.moves.slice(0, MaxResults).map(task => ({
      Status: 'COMPLETED',
      SourceArn,
      ...(task.destinationArn === undefined ? {} : { DestinationArn: task.destinationArn }),
      ...(task.perSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: task.perSecond }),
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.moved,
      StartedTimestamp: task.startedAt,
    }))
    return { Results }
  },
}
