import { randomUUID } from 'node:crypto'
import { type LocalCloud, type LocalTime, ServiceError } from '../../contract.ts'

export type MessageAttribute = { readonly DataType: string; readonly StringValue?: string }

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
}

export type Queue = {
  readonly name: string
  readonly arn: string
  readonly url: string
  readonly createdAt: LocalTime
  readonly visibilityTimeoutSeconds: number
  readonly retentionSeconds: number
  readonly delaySeconds: number
  readonly maximumMessageBytes: number
  /** Oldest first. */
  messages: StoredMessage[]
}

export type SqsState = { readonly queues: Map<string, Queue> }

export function queueAt(state: SqsState, url: string | undefined): Queue {
  const queue = state.queues.get(url?.split('/').at(-1) ?? '')
  if (!queue) throw queueDoesNotExist()
  return queue
}

export const queueDoesNotExist = (): ServiceError =>
  new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.')

/** Forgets what is older than the queue's retention. */
export function dropExpired(queue: Queue, now: LocalTime): void {
  queue.messages = queue.messages.filter(message => message.sentAt + queue.retentionSeconds * 1000 > now)
}

export function addMessage(
  cloud: LocalCloud,
  queue: Queue,
  message: {
    body: string
    attributes: Readonly<Record<string, MessageAttribute>>
    sender: string
    delaySeconds?: number | undefined
  },
): StoredMessage {
  const now = cloud.clock.now()
  dropExpired(queue, now)
  const stored: StoredMessage = {
    id: randomUUID(),
    body: message.body,
    attributes: message.attributes,
    sender: message.sender,
    sentAt: now,
    visibleAt: now + (message.delaySeconds ?? queue.delaySeconds) * 1000,
    firstReceivedAt: undefined,
    receiveCount: 0,
    receiptHandle: undefined,
  }
  queue.messages.push(stored)
  cloud.clock.wrote()
  return stored
}
