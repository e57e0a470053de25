import { randomBytes } from 'node:crypto'
import { SqsError } from './errors.ts'
import type { Queue, StoredMessage } from './state.ts'

/** A handle names its queue and message, so that an old one can be told from an invented one. */
export const newReceiptHandle = (queue: Queue, message: StoredMessage): string =>
  `AQEB${Buffer.from(`${queue.name} ${message.id} ${randomBytes(24).toString('hex')}`).toString('base64')}`

/** The message that the handle was given for, as long as nobody has received it again or deleted it. */
export function messageOf(queue: Queue, handle: string): StoredMessage | undefined {
  const [name] = Buffer.from(handle.slice(4), 'base64').toString().split(' ')
  if (!handle.startsWith('AQEB') || name !== queue.name) {
    throw new SqsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    )
  }
  return queue.messages.find(message => message.receiptHandle === handle)
}
