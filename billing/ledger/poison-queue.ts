import { AwsClient } from 'aws4fetch'
import { readAwsEnvironment } from '#kernel/config'
import type { PoisonLine } from './record-usage.ts'

/** A message holds up to 1 MiB; a log line up to 1 MB, so only an extreme one is cut. */
const LINE_MAX_CHARS = 250_000

/**
 * Sends poison lines to a queue (SQS `SendMessage`, JSON 1.0 protocol:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html). One operation, so no
 * SDK client in the bundle. Throws unless the queue took the message.
 */
export function createPoisonQueue(
  queueUrl: string,
  readEnvironment = () => readAwsEnvironment('sqs'),
): (poison: PoisonLine) => Promise<void> {
  return async poison => {
    const { region, endpoint, sessionToken, ...credentials } = readEnvironment()
    const client = new AwsClient({
      ...credentials,
      ...(sessionToken !== undefined && { sessionToken }),
      ...{ region, service: 'sqs' },
    })
    const MessageBody = JSON.stringify({ ...poison, line: poison.line.slice(0, LINE_MAX_CHARS) })
    const answer = await client.fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
      body: JSON.stringify({ QueueUrl: queueUrl, MessageBody }),
    })
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`the poison queue answered ${answer.status}`)
  }
}
