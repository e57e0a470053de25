import type { PurgeQueueRequest } from '@aws-sdk/client-sqs'
import type { LocalCloud, OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { queueAt, type SqsState } from '../state.ts'

export const purgeQueue =
  (cloud: LocalCloud, state: SqsState) =>
  (input: PurgeQueueRequest, context: OperationContext): Record<string, never> => {
    refuseUnknown('sqs PurgeQueue', input, ['QueueUrl'])
    const queue = queueAt(state, input.QueueUrl)
    context.authorize('sqs:PurgeQueue', queue.arn)
    queue.messages = []
    cloud.clock.wrote()
    return {}
  }
