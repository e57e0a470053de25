import { AwsClient } from 'aws4fetch'
import { readAwsEnvironment } from '#kernel/config'

/** One signed call to SQS; its answer, not parsed yet. Throws unless SQS took it. */
export type CallSqs = (operation: string, input: object) => Promise<unknown>

/**
 * SQS over its JSON 1.0 protocol (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/): a handful of
 * operations, so no SDK client in the bundles.
 */
export const createSqs =
  (readEnvironment = () => readAwsEnvironment('sqs')): CallSqs =>
  async (operation, input) => {
    const { region, endpoint, sessionToken, ...credentials } = readEnvironment()
    const client = new AwsClient({
      ...credentials,
      ...(sessionToken !== undefined && { sessionToken }),
      ...{ region, service: 'sqs' },
    })
    const answer = await client.fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
      body: JSON.stringify(input),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`the queue answered ${answer.status}`)
    return text === '' ? {} : JSON.parse(text)
  }
