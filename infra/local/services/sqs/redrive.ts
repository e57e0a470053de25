import { type Identity, ServiceError } from '../../contract.ts'
import type { Sqs } from './sqs.ts'
import { AS_NEW, moveMessage, type Queue, queueByArn, type StoredMessage } from './state.ts'

/** Where a dead letter goes back to, and with what. */
export type Origin =
  | { readonly kind: 'function' | 'machine' | 'target'; readonly arn: string; readonly payload: string }
  | { readonly kind: 'queue'; readonly arn: string }

/** A person at the console: allowed everything. */
const PERSON: Identity = { kind: 'root' }

/**
 * Sends a dead letter to its origin again and, once that has taken it, deletes it. Answers where it went. Throws when
 * the letter does not say where it came from, or when its origin does not take it; then it stays.
 */
export async function redrive(sqs: Sqs, queueName: string, messageId: string): Promise<string> {
  const queue = sqs.queues.get(queueName)
  const message = queue?.messages.find(one => one.id === messageId)
  if (!queue || !message) {
    throw new ServiceError('NotFoundException', `There is no message ${messageId} in ${queueName}.`, 404)
  }
  const origin = originOf(message)
  if (!origin) {
    throw new ServiceError('InvalidRequest', 'This message does not say where it came from.')
  }
  await send(sqs, queue, message, origin)
  queue.messages = queue.messages.filter(one => one !== message)
  sqs.cloud.clock.wrote()
  sqs.cloud.journal({ source: 'sqs', summary: `${queueName}: ${messageId} sent to ${origin.arn} again` })
  return origin.arn
}

async function send(sqs: Sqs, queue: Queue, message: StoredMessage, origin: Origin): Promise<void> {
  const { cloud } = sqs
  switch (origin.kind) {
    case 'function':
      cloud.invokeAsync(origin.arn, origin.payload, PERSON)
      return
    case 'machine': {
      const input = { stateMachineArn: origin.arn, input: origin.payload }
      await cloud.call('states', 'StartExecution', input, PERSON)
      return
    }
    case 'target':
      // Whatever the target refuses comes back into this queue.
      await cloud.deliver({ arn: origin.arn, deadLetterArn: queue.arn }, JSON.parse(origin.payload), PERSON)
      return
    case 'queue': {
      const source = queueByArn(sqs, origin.arn)
      if (!source) throw new ServiceError('NotFoundException', `The queue ${origin.arn} is gone.`, 404)
      moveMessage(sqs, message, { from: queue, to: source }, AS_NEW)
    }
  }
}

/**
 * Reads the origin from what AWS leaves in a letter: a Lambda destination's record in the body, `TARGET_ARN` beside the
 * event of EventBridge and Scheduler, the source queue of a redrive policy. A Lambda dead-letter queue's letters name
 * no function.
 */
export function originOf(message: StoredMessage): Origin | undefined {
  if (message.sourceArn !== undefined) return { kind: 'queue', arn: message.sourceArn }
  const body = parse(message.body)
  const attributes = new Map(Object.entries(message.attributes))
  const target = attributes.get('TARGET_ARN')?.StringValue
  if (target !== undefined && body !== undefined) {
    const service = target.split(':')[2]
    const kind = service === 'lambda' ? 'function' : service === 'states' ? 'machine' : 'target'
    return { kind, arn: target, payload: message.body }
  }
  const context = memberOf(body, 'requestContext')
  const functionArn = memberOf(context, 'functionArn')
  const payload = memberOf(body, 'requestPayload')
  if (typeof functionArn !== 'string' || payload === undefined) return undefined
  return { kind: 'function', arn: functionArn.replace(/:\$LATEST$/, ''), payload: JSON.stringify(payload) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Reflect.get(value, name)
}
