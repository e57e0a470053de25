import * as z from 'zod/mini'
import type { DeadLetter } from '#billing/contract'
import { type Instant, instant } from '#kernel/time'
import type { CallSqs } from './sqs.ts'

/** A message of the dead letters; whoever received it has it alone for a while. */
export type Letter = { readonly receipt: string; readonly sentAt: Instant; readonly content: LetterContent }

export type LetterContent =
  /** A log line that was no record. */
  | {
      readonly kind: 'line'
      readonly reason: string
      readonly line: string
      readonly logGroup: string
      readonly logStream: string
      readonly logEventId: string
    }
  /** What `record-usage` was given and did not take. */
  | { readonly kind: 'delivery'; readonly reason: string; readonly payload: unknown }
  | { readonly kind: 'other'; readonly reason: string }

export interface DeadLetters {
  /** About; messages that somebody has at the moment included. */
  count(): Promise<number>
  /** Up to ten, hidden from others for so many seconds. */
  receive(hiddenSeconds: number): Promise<readonly Letter[]>
  remove(receipt: string): Promise<void>
  /** Shows a received letter to others again. */
  release(receipt: string): Promise<void>
}

export function createDeadLetters(QueueUrl: string, callSqs: CallSqs): DeadLetters {
  return {
    async count() {
      const answer = await callSqs('GetQueueAttributes', { QueueUrl, AttributeNames: [VISIBLE, HIDDEN] })
      const { Attributes } = z.parse(attributesSchema, answer)
      return Number(Attributes[VISIBLE]) + Number(Attributes[HIDDEN])
    },
    async receive(VisibilityTimeout) {
      const answer = await callSqs('ReceiveMessage', {
        ...{ QueueUrl, VisibilityTimeout, MaxNumberOfMessages: 10 },
        MessageSystemAttributeNames: ['SentTimestamp'],
      })
      return (z.parse(messagesSchema, answer).Messages ?? []).map(({ ReceiptHandle, Body, Attributes }) => ({
        receipt: ReceiptHandle,
        sentAt: instant(Number(Attributes.SentTimestamp)),
        content: readLetter(Body),
      }))
    },
    async remove(ReceiptHandle) {
      await callSqs('DeleteMessage', { QueueUrl, ReceiptHandle })
    },
    async release(ReceiptHandle) {
      await callSqs('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })
    },
  }
}

/** For people: what kind of letter it is, without its content. */
export const describeLetter = ({ content, sentAt }: Letter): DeadLetter => ({
  kind: content.kind,
  reason: content.reason,
  sentAt,
})

const VISIBLE = 'ApproximateNumberOfMessages'
const HIDDEN = 'ApproximateNumberOfMessagesNotVisible'
const digits = z.string().check(z.regex(/^\d{1,15}$/))
const attributesSchema = z.object({ Attributes: z.object({ [VISIBLE]: digits, [HIDDEN]: digits }) })
const messagesSchema = z.object({
  Messages: z.optional(
    z.array(
      z.object({
        ReceiptHandle: z.string(),
        Body: z.string(),
        Attributes: z.object({ SentTimestamp: digits }),
      }),
    ),
  ),
})

const lineSchema = z.object({
  ...{ reason: z.string(), line: z.string() },
  ...{ logGroup: z.string(), logStream: z.string(), logEventId: z.string() },
})
/** What Lambda puts on a failure destination (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html). */
const failureSchema = z.object({
  requestContext: z.object({ condition: z.string() }),
  requestPayload: z.object({ awslogs: z.object({ data: z.string() }) }),
})

export function readLetter(body: string): LetterContent {
  const value = parseJson(body)
  const line = z.safeParse(lineSchema, value)
  if (line.success) return { kind: 'line', ...line.data }
  const failure = z.safeParse(failureSchema, value)
  if (!failure.success) return { kind: 'other', reason: 'no log line: see the console of the queue' }
  const { requestContext, requestPayload } = failure.data
  return { kind: 'delivery', reason: requestContext.condition, payload: requestPayload }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
