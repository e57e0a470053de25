import type {
  Message,
  MessageAttributeValue,
  MessageSystemAttributeName,
  ReceiveMessageRequest,
  ReceiveMessageResult,
} from '@aws-sdk/client-sqs'
import { z } from 'zod'
import { choice, integer } from '../../../input/members.ts'
import { redriveOf } from '../attributes.ts'
import { requireWithin } from '../errors.ts'
import { md5, md5OfAttributes } from '../md5.ts'
import { newReceiptHandle } from '../receipt-handle.ts'
import type { Sqs, SqsOperation } from '../sqs.ts'
import {
  dropExpired,
  type MessageAttribute,
  moveMessage,
  numberOf,
  type Queue,
  queueAt,
  queueByArn,
  type StoredMessage,
} from '../state.ts'
import { waitForMessage } from '../wait-for-message.ts'

const SYSTEM_ATTRIBUTES = [
  'All',
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
] as const
const names = z.optional(z.array(choice(...SYSTEM_ATTRIBUTES)))

/** `AttributeNames` is the older name of `MessageSystemAttributeNames`; its type lists the queue's attributes. */
const input = z.strictObject({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.optional(integer()),
  VisibilityTimeout: z.optional(integer()),
  WaitTimeSeconds: z.optional(integer()),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: z.optional(z.array(z.string())),
}) satisfies z.ZodType<Omit<ReceiveMessageRequest, 'AttributeNames'>>

type Input = z.infer<typeof input>

const MAX_MESSAGES = 10
const MAX_VISIBILITY_SECONDS = 43_200
const MAX_WAIT_SECONDS = 20

/**
 * Hands out visible messages and hides them for the visibility timeout. With `WaitTimeSeconds` an empty queue is
 * waited on in real time, as a poll's connection is.
 */
export const receiveMessage: SqsOperation<typeof input, ReceiveMessageResult> = {
  input,
  async run(sqs, query, context) {
    const queue = queueAt(sqs, query.QueueUrl)
    context.authorize('sqs:ReceiveMessage', queue.arn)
    requireWithin('MaxNumberOfMessages', query.MaxNumberOfMessages, 1, MAX_MESSAGES)
    requireWithin('VisibilityTimeout', query.VisibilityTimeout, 0, MAX_VISIBILITY_SECONDS)
    requireWithin('WaitTimeSeconds', query.WaitTimeSeconds, 0, MAX_WAIT_SECONDS)
    const waitSeconds = query.WaitTimeSeconds ?? numberOf(queue, 'ReceiveMessageWaitTimeSeconds')
    const received = await waitForMessage(sqs, waitSeconds, () => take(sqs, queue, query))
    return received.length > 0 ? { Messages: received.map(message => describe(message, query)) } : {}
  },
}

function take(sqs: Sqs, queue: Queue, query: Input): StoredMessage[] {
  const now = sqs.cloud.clock.now()
  dropExpired(queue, now)
  moveSpent(sqs, queue, now)
  const hiddenMs = (query.VisibilityTimeout ?? numberOf(queue, 'VisibilityTimeout')) * 1000
  const received = queue.messages
    .filter(message => message.visibleAt <= now)
    .slice(0, query.MaxNumberOfMessages ?? 1)
  for (const message of received) {
    message.visibleAt = now + hiddenMs
    message.receiptHandle = newReceiptHandle(queue, message)
    message.receiveCount += 1
    message.firstReceivedAt ??= now
  }
  if (received.length > 0) sqs.cloud.clock.wrote()
  return received
}

/** What was received as often as the redrive policy allows goes to the dead letters instead of out again. */
function moveSpent(sqs: Sqs, queue: Queue, now: number): void {
  const redrive = redriveOf(queue)
  const target = redrive && queueByArn(sqs, redrive.targetArn)
  if (!redrive || !target || target === queue) return
  const spent = queue.messages.filter(
    message => message.visibleAt <= now && message.receiveCount >= redrive.maxReceiveCount,
  )
  for (const message of spent) {
    moveMessage(sqs, message, { from: queue, to: target }, { sourceArn: queue.arn })
  }
}

function describe(message: StoredMessage, query: Input): Message {
  const wanted: string[] = [...(query.MessageSystemAttributeNames ?? []), ...(query.AttributeNames ?? [])]
  const attributes = Object.entries(message.attributes).filter(([name]) =>
    isWanted(name, query.MessageAttributeNames ?? []),
  )
  const digest = md5OfAttributes(Object.fromEntries(attributes))
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(wanted.length > 0 ? { Attributes: systemAttributes(message, wanted) } : {}),
    ...(digest === undefined
      ? {}
      : {
          MessageAttributes: Object.fromEntries(attributes.map(([name, value]) => [name, toWire(value)])),
          MD5OfMessageAttributes: digest,
        }),
  }
}

/** `All`, `.*`, a name, or the beginning of names: `order.*`. */
const isWanted = (name: string, patterns: readonly string[]): boolean =>
  patterns.some(
    pattern =>
      pattern === 'All' ||
      pattern === name ||
      (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2))),
  )

const toWire = ({ DataType, StringValue, BinaryValue }: MessageAttribute): MessageAttributeValue => ({
  DataType,
  ...(StringValue === undefined ? {} : { StringValue }),
  ...(BinaryValue === undefined ? {} : { BinaryValue: Buffer.from(BinaryValue, 'base64') }),
})

function systemAttributes(
  message: StoredMessage,
  wanted: readonly string[],
): Partial<Record<MessageSystemAttributeName, string>> {
  const all = {
    SenderId: message.sender,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.sourceArn === undefined ? {} : { DeadLetterQueueSourceArn: message.sourceArn }),
  }
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name)),
  )
}
