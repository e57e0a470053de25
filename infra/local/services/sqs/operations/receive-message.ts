import { randomBytes } from 'node:crypto'
import type {
  Message,
  MessageSystemAttributeName,
  ReceiveMessageRequest,
  ReceiveMessageResult,
} from '@aws-sdk/client-sqs'
import { type LocalCloud, type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { md5, md5OfAttributes } from '../md5.ts'
import { dropExpired, queueAt, type SqsState, type StoredMessage } from '../state.ts'

const KNOWN = [
  'QueueUrl',
  'MaxNumberOfMessages',
  'VisibilityTimeout',
  'WaitTimeSeconds',
  'AttributeNames',
  'MessageSystemAttributeNames',
  'MessageAttributeNames',
]
const MAX_MESSAGES = 10

/** Hands out visible messages and hides them for the visibility timeout. Never waits: `WaitTimeSeconds` is accepted and ignored. */
export const receiveMessage =
  (cloud: LocalCloud, state: SqsState) =>
  (input: ReceiveMessageRequest, context: OperationContext): ReceiveMessageResult => {
    refuseUnknown('sqs ReceiveMessage', input, KNOWN)
    const queue = queueAt(state, input.QueueUrl)
    context.authorize('sqs:ReceiveMessage', queue.arn)
    const count = input.MaxNumberOfMessages ?? 1
    if (count < 1 || count > MAX_MESSAGES) {
      throw new ServiceError(
        'InvalidParameterValue',
        `Value ${count} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
      )
    }
    const now = cloud.clock.now()
    dropExpired(queue, now)
    const hiddenMs = (input.VisibilityTimeout ?? queue.visibilityTimeoutSeconds) * 1000
    const received = queue.messages.filter(message => message.visibleAt <= now).slice(0, count)
    for (const message of received) {
      message.visibleAt = now + hiddenMs
      message.receiptHandle = randomBytes(48).toString('base64')
      message.receiveCount++
      message.firstReceivedAt ??= now
    }
    return received.length > 0 ? { Messages: received.map(message => describe(message, input)) } : {}
  }

function describe(message: StoredMessage, input: ReceiveMessageRequest): Message {
  const wanted = [...(input.MessageSystemAttributeNames ?? []), ...(input.AttributeNames ?? [])] as string[]
  const names = input.MessageAttributeNames ?? []
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) =>
      names.some(one => one === 'All' || one === '.*' || one === name),
    ),
  )
  const digest = md5OfAttributes(attributes)
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(wanted.length > 0 ? { Attributes: systemAttributes(message, wanted) } : {}),
    ...(digest ? { MessageAttributes: attributes, MD5OfMessageAttributes: digest } : {}),
  }
}

function systemAttributes(
  message: StoredMessage,
  wanted: readonly string[],
): Partial<Record<MessageSystemAttributeName, string>> {
  const all = {
    SenderId: message.sender,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  }
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name)),
  )
}
