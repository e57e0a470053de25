import { readAwsEnvironment } from '#kernel/config'
import type { PoisonLine } from './record-usage.ts'
import { createSqs } from './sqs.ts'

/** A message holds up to 1 MiB; a log line up to 1 MB, so only an extreme one is cut. */
const LINE_MAX_CHARS = 250_000

/** Sends poison lines to a queue. Throws unless the queue took the message. */
export function createPoisonQueue(
  queueUrl: string,
  readEnvironment = () => readAwsEnvironment('sqs'),
): (poison: PoisonLine) => Promise<void> {
  const callSqs = createSqs(readEnvironment)
  return async poison => {
    const MessageBody = JSON.stringify({ ...poison, line: poison.line.slice(0, LINE_MAX_CHARS) })
    await callSqs('SendMessage', { QueueUrl: queueUrl, MessageBody })
  }
}
