import type { SendMessageRequest, SendMessageResult } from '@aws-sdk/client-sqs'
import type { LocalCloud, OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { send } from '../send.ts'
import { queueAt, type SqsState } from '../state.ts'

export const sendMessage =
  (cloud: LocalCloud, state: SqsState) =>
  (input: SendMessageRequest, context: OperationContext): SendMessageResult => {
    refuseUnknown('sqs SendMessage', input, ['QueueUrl', 'MessageBody', 'DelaySeconds', 'MessageAttributes'])
    const queue = queueAt(state, input.QueueUrl)
    context.authorize('sqs:SendMessage', queue.arn)
    return send(cloud, queue, input, context.identity)
  }
