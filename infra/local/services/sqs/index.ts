import type { LocalCloud, LocalTime, Service } from '../../contract.ts'
import { deleteMessage } from './operations/delete-message.ts'
import { getQueueAttributes } from './operations/get-queue-attributes.ts'
import { getQueueUrl } from './operations/get-queue-url.ts'
import { listQueues } from './operations/list-queues.ts'
import { purgeQueue } from './operations/purge-queue.ts'
import { receiveMessage } from './operations/receive-message.ts'
import { sendMessage } from './operations/send-message.ts'
import { sendMessageBatch } from './operations/send-message-batch.ts'
import { queue } from './resources/queue.ts'
import { queuePolicy } from './resources/queue-policy.ts'
import { addMessage, dropExpired, queueAt, type SqsState } from './state.ts'

export type DeadLetter = {
  readonly queue: string
  readonly body: string
  readonly attributes: Readonly<Record<string, string>>
  readonly sentAt: LocalTime
}

export type SqsService = Service & {
  /**
   * The door behind `cloud.deliver` and Lambda's failure destinations; who may send has been decided before.
   * Attributes become string message attributes such as `ERROR_CODE`. Throws `QueueDoesNotExist`.
   */
  enqueue(queueArn: string, body: string, attributes?: Readonly<Record<string, string>>): void
  /** What lies in the queues, newest first. */
  deadLetters(): readonly DeadLetter[]
}

/** SQS: standard queues that hold dead letters. */
export function createSqsService(cloud: LocalCloud): SqsService {
  const state: SqsState = { queues: new Map() }
  return {
    name: 'sqs',
    signingName: 'sqs',
    protocol: 'json',
    targetPrefix: 'AmazonSQS',
    jsonVersion: '1.0',
    operations: {
      DeleteMessage: deleteMessage(cloud, state),
      GetQueueAttributes: getQueueAttributes(cloud, state),
      GetQueueUrl: getQueueUrl(state),
      ListQueues: listQueues(cloud, state),
      PurgeQueue: purgeQueue(cloud, state),
      ReceiveMessage: receiveMessage(cloud, state),
      SendMessage: sendMessage(cloud, state),
      SendMessageBatch: sendMessageBatch(cloud, state),
    },
    resources: { 'AWS::SQS::Queue': queue(cloud, state), 'AWS::SQS::QueuePolicy': queuePolicy(cloud, state) },
    enqueue: (queueArn, body, attributes = {}) => enqueue(cloud, state, queueArn, body, attributes),
    deadLetters: () => listDeadLetters(cloud, state),
  }
}

function enqueue(
  cloud: LocalCloud,
  state: SqsState,
  arn: string,
  body: string,
  given: Readonly<Record<string, string>>,
): void {
  const attributes = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  )
  addMessage(cloud, queueAt(state, arn.split(':').at(-1)), { body, attributes, sender: cloud.accountId })
}

function listDeadLetters(cloud: LocalCloud, state: SqsState): DeadLetter[] {
  const letters = [...state.queues.values()].flatMap(one => {
    dropExpired(one, cloud.clock.now())
    return one.messages.map(message => ({
      queue: one.name,
      body: message.body,
      attributes: Object.fromEntries(
        Object.entries(message.attributes).map(([name, value]) => [name, value.StringValue ?? '']),
      ),
      sentAt: message.sentAt,
    }))
  })
  return letters.sort((a, b) => b.sentAt - a.sentAt)
}
