import { randomUUID } from 'node:crypto'
import type { LocalTime } from '../../contract.ts'
import { SqsError } from './errors.ts'
import type { Sqs } from './sqs.ts'

/** Binary values are base64 text. */
export type MessageAttribute = {
  readonly DataType: string
  readonly StringValue?: string
  readonly BinaryValue?: string
}

export type StoredMessage = {
  readonly id: string
  readonly body: string
  readonly attributes: Readonly<Record<string, MessageAttribute>>
  readonly sender: string
  readonly sentAt: LocalTime
  visibleAt: LocalTime
  firstReceivedAt: LocalTime | undefined
  receiveCount: number
  receiptHandle: string | undefined
  /** The queue whose redrive policy has brought it here. */
  sourceArn: string | undefined
}

export type MoveTask = {
  readonly handle: string
  readonly destinationArn: string | undefined
  readonly perSecond: number | undefined
  readonly startedAt: LocalTime
  readonly moved: number
}

export type Queue = {
  readonly name: string
  readonly arn: string
  readonly url: string
  readonly createdAt: LocalTime
  /** Attributes by name, as texts: what the template says, and above it what was set at run time. */
  readonly declared: Map<string, string>
  changed: Map<string, string>
  modifiedAt: LocalTime
  purgedAt: LocalTime | undefined
  /** Oldest first. */
  messages: StoredMessage[]
  /** Newest first. */
  moves: MoveTask[]
}

/** An attribute of the queue; a text that was set to nothing is not there. */
export const attributeOf = (queue: Queue, name: string): string | undefined =>
  (queue.changed.get(name) ?? queue.declared.get(name)) || undefined

export const numberOf = (queue: Queue, name: string): number => Number(attributeOf(queue, name) ?? 0)

const URL = /^https?:\/\/[^/]+\/(\d{12})\/([\w.-]+)$/

/** The queue at a URL. */
export function queueAt({ cloud, queues }: Sqs, url: string): Queue {
  const [, accountId, name = ''] = URL.exec(url) ?? []
  if (accountId === undefined) {
    throw new SqsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`)
  }
  const queue = accountId === cloud.accountId ? queues.get(name) : undefined
  if (!queue) throw queueDoesNotExist()
  return queue
}

export const queueByArn = ({ queues }: Sqs, arn: string): Queue | undefined =>
  [...queues.values()].find(queue => queue.arn === arn)

export const queueDoesNotExist = (): SqsError =>
  new SqsError('QueueDoesNotExist', 'The specified queue does not exist.')

/** Forgets what is older than the queue's retention. */
export function dropExpired(queue: Queue, now: LocalTime): void {
  const oldest = now - numberOf(queue, 'MessageRetentionPeriod') * 1000
  if (queue.messages.some(message => message.sentAt <= oldest)) {
    queue.messages = queue.messages.filter(message => message.sentAt > oldest)
  }
}

export function addMessage(
  sqs: Sqs,
  queue: Queue,
  message: {
    body: string
    attributes: Readonly<Record<string, MessageAttribute>>
    sender: string
    delaySeconds?: number | undefined
  },
): StoredMessage {
  const now = sqs.cloud.clock.now()
  dropExpired(queue, now)
  const stored: StoredMessage = {
    id: randomUUID(),
    body: message.body,
    attributes: message.attributes,
    sender: message.sender,
    sentAt: now,
    visibleAt: now + (message.delaySeconds ?? numberOf(queue, 'DelaySeconds')) * 1000,
    firstReceivedAt: undefined,
    receiveCount: 0,
    receiptHandle: undefined,
    sourceArn: undefined,
  }
  queue.messages.push(stored)
  wakePolls(sqs)
  return stored
}

/** Puts a message of another queue into this one; it keeps its id, its age and its attributes. */
export function moveMessage(
  sqs: Sqs,
  message: StoredMessage,
  way: { readonly from: Queue; readonly to: Queue },
  changes: Partial<StoredMessage>,
): void {
  const { from, to } = way
  from.messages = from.messages.filter(other => other !== message)
  to.messages.push({ ...message, visibleAt: sqs.cloud.clock.now(), receiptHandle: undefined, ...changes })
  wakePolls(sqs)
}

/** What a message that goes back to its source forgets. */
export const AS_NEW = { receiveCount: 0, firstReceivedAt: undefined, sourceArn: undefined } as const

/** Says that something changed; waiting polls look again once whoever changed it is done. */
export function wakePolls(sqs: Sqs): void {
  sqs.cloud.clock.wrote()
  queueMicrotask(() => {
    for (const poll of [...sqs.waiting]) poll.look()
  })
}
