import type { LocalCloud, LocalTime, Service } from '../../contract.ts'
import { bindOperations } from '../../input/operation.ts'
import { changeMessageVisibility } from './operations/change-message-visibility.ts'
import { changeMessageVisibilityBatch } from './operations/change-message-visibility-batch.ts'
import { deleteMessage } from './operations/delete-message.ts'
import { deleteMessageBatch } from './operations/delete-message-batch.ts'
import { getQueueAttributes } from './operations/get-queue-attributes.ts'
import { getQueueUrl } from './operations/get-queue-url.ts'
import { listDeadLetterSourceQueues } from './operations/list-dead-letter-source-queues.ts'
import { listMessageMoveTasks } from './operations/list-message-move-tasks.ts'
import { listQueues } from './operations/list-queues.ts'
import { purgeQueue } from './operations/purge-queue.ts'
import { receiveMessage } from './operations/receive-message.ts'
import { sendMessage } from './operations/send-message.ts'
import { sendMessageBatch } from './operations/send-message-batch.ts'
import { setQueueAttributes } from './operations/set-queue-attributes.ts'
import { startMessageMoveTask } from './operations/start-message-move-task.ts'
import { originOf, redrive } from './redrive.ts'
import { queue } from './resources/queue.ts'
import { queuePolicy } from './resources/queue-policy.ts'
import { restoreSnapshot, type SqsSnapshot, takeSnapshot } from './snapshot.ts'
import { DIALECT, type Sqs } from './sqs.ts'
import { addMessage, dropExpired, queueByArn, queueDoesNotExist } from './state.ts'

export type DeadLetter = {
  readonly id: string
  readonly queue: string
  readonly body: string
  readonly attributes: Readonly<Record<string, string>>
  readonly sentAt: LocalTime
  /** ARN of what a redrive sends it to; a letter without one cannot be redriven. */
  readonly origin?: string
}

export type SqsService = Service & {
  /**
   * The door behind `cloud.deliver` and Lambda's failure destinations; who may send has been decided before.
   * Attributes become string message attributes such as `ERROR_CODE`. Throws `QueueDoesNotExist`.
   */
  enqueue(queueArn: string, body: string, attributes?: Readonly<Record<string, string>>): void
  /** What lies in the queues, newest first. */
  deadLetters(): readonly DeadLetter[]
  /** Sends a dead letter to where it came from again and deletes it. Answers where it went; throws why it stays. */
  redrive(queueName: string, messageId: string): Promise<string>
}

/** SQS: standard queues. The product's hold dead letters. */
export function createSqsService(cloud: LocalCloud): SqsService {
  const sqs: Sqs = { cloud, queues: new Map(), waiting: new Set() }
  return {
    name: 'sqs',
    signingName: 'sqs',
    protocol: 'json',
    targetPrefix: 'AmazonSQS',
    jsonVersion: '1.0',
    waits: ['ReceiveMessage'],
    operations: bindOperations(DIALECT, sqs, {
      ChangeMessageVisibility: changeMessageVisibility,
      ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
      DeleteMessage: deleteMessage,
      DeleteMessageBatch: deleteMessageBatch,
      GetQueueAttributes: getQueueAttributes,
      GetQueueUrl: getQueueUrl,
      ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
      ListMessageMoveTasks: listMessageMoveTasks,
      ListQueues: listQueues,
      PurgeQueue: purgeQueue,
      ReceiveMessage: receiveMessage,
      SendMessage: sendMessage,
      SendMessageBatch: sendMessageBatch,
      SetQueueAttributes: setQueueAttributes,
      StartMessageMoveTask: startMessageMoveTask,
    }),
    resources: { 'AWS::SQS::Queue': queue(sqs), 'AWS::SQS::QueuePolicy': queuePolicy(sqs) },
    enqueue: (queueArn, body, attributes = {}) => enqueue(sqs, queueArn, body, attributes),
    deadLetters: () => listDeadLetters(sqs),
    redrive: (queueName, messageId) => redrive(sqs, queueName, messageId),
    snapshot: () => takeSnapshot(sqs),
    restore: state => restoreSnapshot(sqs, state as SqsSnapshot),
    stop: async () => {
      for (const poll of [...sqs.waiting]) poll.giveUp()
    },
  }
}

function enqueue(sqs: Sqs, arn: string, body: string, given: Readonly<Record<string, string>>): void {
  const queue = queueByArn(sqs, arn)
  if (!queue) throw queueDoesNotExist()
  const attributes = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  )
  addMessage(sqs, queue, { body, attributes, sender: sqs.cloud.accountId })
}

function listDeadLetters(sqs: Sqs): DeadLetter[] {
  const letters = [...sqs.queues.values()].flatMap(one => {
    dropExpired(one, sqs.cloud.clock.now())
    return one.messages.map(message => {
      const origin = originOf(message)
      return {
        id: message.id,
        queue: one.name,
        body: message.body,
        attributes: Object.fromEntries(
          Object.entries(message.attributes).map(([name, value]) => [
            name,
            value.StringValue ?? value.BinaryValue ?? '',
          ]),
        ),
        sentAt: message.sentAt,
        ...(origin === undefined ? {} : { origin: origin.arn }),
      }
    })
  })
  return letters.sort((a, b) => b.sentAt - a.sentAt)
}
