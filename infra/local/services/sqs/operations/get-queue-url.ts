import type { GetQueueUrlRequest, GetQueueUrlResult } from '@aws-sdk/client-sqs'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { queueAt, type SqsState } from '../state.ts'

export const getQueueUrl =
  (state: SqsState) =>
  (input: GetQueueUrlRequest, context: OperationContext): GetQueueUrlResult => {
    refuseUnknown('sqs GetQueueUrl', input, ['QueueName', 'QueueOwnerAWSAccountId'])
    const queue = queueAt(state, input.QueueName)
    context.authorize('sqs:GetQueueUrl', queue.arn)
    return { QueueUrl: queue.url }
  }
