import type { DeleteMessageRequest } from '@aws-sdk/client-sqs'
import { type LocalCloud, type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { queueAt, type SqsState } from '../state.ts'

export const deleteMessage =
  (cloud: LocalCloud, state: SqsState) =>
  (input: DeleteMessageRequest, context: OperationContext): Record<string, never> => {
    refuseUnknown('sqs DeleteMessage', input, ['QueueUrl', 'ReceiptHandle'])
    const queue = queueAt(state, input.QueueUrl)
    context.authorize('sqs:DeleteMessage', queue.arn)
    if (!input.ReceiptHandle)
      throw new ServiceError('MissingParameter', 'The request must contain the parameter ReceiptHandle.')
    queue.messages = queue.messages.filter(message => message.receiptHandle !== input.ReceiptHandle)
    cloud.clock.wrote()
    return {}
  }
