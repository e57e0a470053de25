import type { MessageAttributeValue } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import type { Identity } from '../../contract.ts'
import { integer } from '../../input/members.ts'
import { invalidParameter, missingParameter, SqsError } from './errors.ts'
import { md5, md5OfAttributes } from './md5.ts'
import { readMessageAttributes, sizeOfAttributes } from './message-attributes.ts'
import type { Sqs } from './sqs.ts'
import { addMessage, numberOf, type Queue } from './state.ts'

/** What a single message and an entry of a batch have in common. Attributes are read by hand, whatever their names. */
export const MESSAGE = {
  MessageBody: z.string(),
  DelaySeconds: z.optional(integer()),
  MessageAttributes: z.optional(z.custom<Record<string, MessageAttributeValue>>()),
}

type Message = {
  readonly MessageBody: string
  readonly DelaySeconds?: number | undefined
  readonly MessageAttributes?: unknown
}

const MAX_DELAY_SECONDS = 900
/** XML's characters: what else a message holds cannot be sent. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u

/** Checks and stores one message; the answer's digests are what SDKs verify. */
export function send(sqs: Sqs, queue: Queue, message: Message, identity: Identity) {
  const { MessageBody: body, DelaySeconds: delaySeconds } = message
  if (body === '') throw missingParameter('MessageBody')
  if (FORBIDDEN.test(body)) {
    throw new SqsError('InvalidMessageContents', 'The message contains characters outside the allowed set.')
  }
  if (delaySeconds !== undefined && (delaySeconds < 0 || delaySeconds > MAX_DELAY_SECONDS)) {
    throw invalidParameter(
      'DelaySeconds',
      delaySeconds,
      `DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}.`,
    )
  }
  const attributes = readMessageAttributes(message.MessageAttributes)
  const maxBytes = numberOf(queue, 'MaximumMessageSize')
  if (sizeOf(message) > maxBytes) {
    throw new SqsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${maxBytes} bytes.`,
    )
  }
  const sender = identity.kind === 'role' ? identity.roleArn : sqs.cloud.accountId
  const stored = addMessage(sqs, queue, { body, attributes, sender, delaySeconds })
  const attributesDigest = md5OfAttributes(attributes)
  return {
    MessageId: stored.id,
    MD5OfMessageBody: md5(body),
    ...(attributesDigest ? { MD5OfMessageAttributes: attributesDigest } : {}),
  }
}

/** Bytes of a message as SQS counts them against its limits. */
export const sizeOf = (message: Message): number =>
  Buffer.byteLength(message.MessageBody) + sizeOfAttributes(readMessageAttributes(message.MessageAttributes))
