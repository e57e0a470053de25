import type { ListQueuesRequest, ListQueuesResult } from '@aws-sdk/client-sqs'
import type { LocalCloud, OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { SqsState } from '../state.ts'

export const listQueues =
  (cloud: LocalCloud, state: SqsState) =>
  (input: ListQueuesRequest, context: OperationContext): ListQueuesResult => {
    refuseUnknown('sqs ListQueues', input, ['QueueNamePrefix'])
    context.authorize('sqs:ListQueues', `arn:aws:sqs:${cloud.region}:${cloud.accountId}:*`)
    const found = [...state.queues.values()].filter(queue =>
      queue.name.startsWith(input.QueueNamePrefix ?? ''),
    )
    return found.length > 0 ? { QueueUrls: found.map(queue => queue.url) } : {}
  }
