import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ContractCloud, contractCloud, ownName, signedFetch } from '../../testing/contract-cloud.ts'
import { clientConfig, localOnly, ON_AWS } from '../../testing/contract-target.ts'

const dead = ownName('dead')
const work = ownName('work')
let cloud: ContractCloud
let client: SQSClient
let deadUrl = ''
let workUrl = ''
let deadArn = ''

beforeAll(async () => {
  const queue = (QueueName: string, more: object = {}) => ({
    Type: 'AWS::SQS::Queue',
    Properties: { QueueName, ...more },
  })
  const RedrivePolicy = { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 1 }
  cloud = await contractCloud({ Resources: { Dead: queue(dead), Work: queue(work, { RedrivePolicy }) } })
  client = new SQSClient(clientConfig(cloud.endpoint))
  if (ON_AWS) {
    await client.send(new CreateQueueCommand({ QueueName: dead }))
    await client.send(new CreateQueueCommand({ QueueName: work }))
  }
  deadUrl = (await client.send(new GetQueueUrlCommand({ QueueName: dead }))).QueueUrl ?? ''
  workUrl = (await client.send(new GetQueueUrlCommand({ QueueName: work }))).QueueUrl ?? ''
  deadArn = (await attributesOf(deadUrl)).QueueArn ?? ''
  if (ON_AWS) {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 1 })
    await client.send(new SetQueueAttributesCommand({ QueueUrl: workUrl, Attributes: { RedrivePolicy } }))
  }
}, 120_000)

afterAll(async () => {
  if (ON_AWS) {
    for (const QueueUrl of [workUrl, deadUrl]) await client.send(new DeleteQueueCommand({ QueueUrl }))
  }
  client.destroy()
  await cloud.stop()
})

async function attributesOf(QueueUrl: string): Promise<Partial<Record<string, string>>> {
  const answer = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  return answer.Attributes ?? {}
}

async function receive(QueueUrl: string, more: object = {}): Promise<Message | undefined> {
  const query = { QueueUrl, WaitTimeSeconds: 5, VisibilityTimeout: 30, ...more }
  return (await client.send(new ReceiveMessageCommand(query))).Messages?.[0]
}

describe('a message', () => {
  test('arrives with its attributes, hides, and is gone when it is deleted', async () => {
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'grün' },
      count: { DataType: 'Number', StringValue: '7' },
      bytes: { DataType: 'Binary.raw', BinaryValue: new Uint8Array([0, 255]) },
    }
    const sent = await client.send(
      new SendMessageCommand({ QueueUrl: deadUrl, MessageBody: 'hello', MessageAttributes }),
    )
    const received = await receive(deadUrl, {
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    })
    expect(received).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'hello',
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes: { text: MessageAttributes.text, count: MessageAttributes.count },
      Attributes: { ApproximateReceiveCount: '1' },
    })
    expect([...(received?.MessageAttributes?.bytes?.BinaryValue ?? [])]).toEqual([0, 255])
    expect(await receive(deadUrl, { WaitTimeSeconds: 0 })).toBeUndefined()
    const { ReceiptHandle } = received ?? {}
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: deadUrl, ReceiptHandle, VisibilityTimeout: 0 }),
    )
    const again = await receive(deadUrl)
    expect(again?.MessageId).toBe(sent.MessageId)
    const gone = new DeleteMessageCommand({ QueueUrl: deadUrl, ReceiptHandle: again?.ReceiptHandle })
    await client.send(gone)
    await client.send(gone)
  }, 60_000)

  test('is waited for by a long poll', async () => {
    const poll = receive(deadUrl, { WaitTimeSeconds: 20 })
    await client.send(new SendMessageCommand({ QueueUrl: deadUrl, MessageBody: 'at last' }))
    const message = await poll
    expect(message?.Body).toBe('at last')
    const Entries = [
      { Id: 'a', ReceiptHandle: message?.ReceiptHandle },
      { Id: 'b', ReceiptHandle: 'nonsense' },
    ]
    const deleted = await client.send(new DeleteMessageBatchCommand({ QueueUrl: deadUrl, Entries }))
    expect(deleted.Successful).toEqual([{ Id: 'a' }])
    expect(deleted.Failed).toMatchObject([{ Id: 'b', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }])
  }, 60_000)

  test('received too often goes to the dead letters, and can be moved back', async () => {
    await client.send(new SendMessageCommand({ QueueUrl: workUrl, MessageBody: 'poison' }))
    const first = await receive(workUrl, { VisibilityTimeout: 0 })
    expect(await receive(workUrl, { WaitTimeSeconds: 1 })).toBeUndefined()
    const letter = await receive(deadUrl, { WaitTimeSeconds: 20, VisibilityTimeout: 0 })
    expect(letter).toMatchObject({ MessageId: first?.MessageId, Body: 'poison' })
    const sources = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadUrl }))
    expect(sources.queueUrls).toEqual([workUrl])
    const task = await client.send(new StartMessageMoveTaskCommand({ SourceArn: deadArn }))
    expect(task.TaskHandle).toBeTruthy()
    expect((await receive(workUrl, { WaitTimeSeconds: 20 }))?.Body).toBe('poison')
  }, 120_000)
})

const refusals: [what: string, run: () => Promise<unknown>, name: string][] = [
  [
    'an unknown queue',
    () => client.send(new GetQueueUrlCommand({ QueueName: ownName('none') })),
    'QueueDoesNotExist',
  ],
  [
    'more than ten messages',
    () => client.send(new ReceiveMessageCommand({ QueueUrl: workUrl, MaxNumberOfMessages: 11 })),
    'InvalidParameterValue',
  ],
  [
    'a delay beyond 15 minutes',
    () => client.send(new SendMessageCommand({ QueueUrl: workUrl, MessageBody: 'x', DelaySeconds: 901 })),
    'InvalidParameterValue',
  ],
  [
    'an attribute of an unknown type',
    () =>
      client.send(
        new SendMessageCommand({
          QueueUrl: workUrl,
          MessageBody: 'x',
          MessageAttributes: { a: { DataType: 'Odd', StringValue: 'x' } },
        }),
      ),
    'InvalidParameterValue',
  ],
  [
    'an empty batch',
    () => client.send(new SendMessageBatchCommand({ QueueUrl: workUrl, Entries: [] })),
    'EmptyBatchRequest',
  ],
  [
    'a batch with one id twice',
    () =>
      client.send(
        new SendMessageBatchCommand({
          QueueUrl: workUrl,
          Entries: ['a', 'a'].map(Id => ({ Id, MessageBody: 'x' })),
        }),
      ),
    'BatchEntryIdsNotDistinct',
  ],
  [
    'a handle that nobody gave',
    () => client.send(new DeleteMessageCommand({ QueueUrl: workUrl, ReceiptHandle: 'x' })),
    'ReceiptHandleIsInvalid',
  ],
  [
    'an attribute value out of range',
    () =>
      client.send(
        new SetQueueAttributesCommand({ QueueUrl: workUrl, Attributes: { VisibilityTimeout: '43201' } }),
      ),
    'InvalidAttributeValue',
  ],
  [
    'a move from a queue of no dead letters',
    async () => {
      const { QueueArn } = await attributesOf(workUrl)
      await client.send(new StartMessageMoveTaskCommand({ SourceArn: QueueArn }))
    },
    'InvalidParameterValue',
  ],
]

test.each(refusals)('%s is refused', async (_what, run, name) => {
  await expect(run()).rejects.toMatchObject({ name })
})

test('a refusal carries the name that it has in the query protocol, too', async () => {
  const fetch = signedFetch('sqs', 'sqs', cloud.endpoint)
  const input = { QueueName: ownName('none') }
  const { status, headers } = await fetch('POST', '/', input, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'AmazonSQS.GetQueueUrl',
    'x-amzn-query-mode': 'true',
  })
  expect(status).toBe(400)
  expect(headers.get('x-amzn-query-error')).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender')
})

test('queues are listed by prefix and page by page', async () => {
  const prefix = { QueueNamePrefix: 'tollgate-contract-' }
  const all = (await client.send(new ListQueuesCommand(prefix))).QueueUrls ?? []
  expect(all).toEqual(expect.arrayContaining([deadUrl, workUrl]))
  const first = await client.send(new ListQueuesCommand({ ...prefix, MaxResults: 1 }))
  expect(first.QueueUrls).toHaveLength(1)
  expect(first.NextToken).toBeTruthy()
})

test('a purge empties a queue, once a minute', async () => {
  await client.send(new SendMessageCommand({ QueueUrl: workUrl, MessageBody: 'x' }))
  await client.send(new PurgeQueueCommand({ QueueUrl: workUrl }))
  await expect(client.send(new PurgeQueueCommand({ QueueUrl: workUrl }))).rejects.toMatchObject({
    name: 'PurgeQueueInProgress',
  })
})

localOnly('the clock is moved')('a message is forgotten when its retention is over', async () => {
  await client.send(new SendMessageCommand({ QueueUrl: deadUrl, MessageBody: 'old' }))
  await cloud.advance(345_600_000)
  expect(await attributesOf(deadUrl)).toMatchObject({ ApproximateNumberOfMessages: '0' })
})
