import type { ReceiveMessageResult, SendMessageBatchResult } from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { call, fakeCloud, provision, START } from '../../testing/recording-cloud.ts'
import { createSqsService } from './index.ts'

async function deadLetterQueue() {
  const cloud = fakeCloud()
  const sqs = createSqsService(cloud)
  const queue = await provision(sqs, 'AWS::SQS::Queue', 'Dead', {
    QueueName: 'dead',
    MessageRetentionPeriod: 86_400,
  })
  const QueueUrl = queue.ref
  const receive = (more: Record<string, unknown> = {}) =>
    call<ReceiveMessageResult>(sqs, 'ReceiveMessage', { QueueUrl, ...more })
  const send = (MessageBody: string, more: Record<string, unknown> = {}) =>
    call(sqs, 'SendMessage', { QueueUrl, MessageBody, ...more })
  return { cloud, sqs, QueueUrl, arn: queue.attributes?.Arn ?? '', receive, send }
}

test('a received message is hidden for the visibility timeout and gone when deleted', async () => {
  const { cloud, sqs, QueueUrl, receive, send } = await deadLetterQueue()
  await send('one')
  expect((await receive()).Messages?.[0]?.Body).toBe('one')
  expect(await receive()).toEqual({})
  await cloud.clock.advanceTo(START + 30_000)
  const again = (await receive({ MessageSystemAttributeNames: ['All'] })).Messages?.[0]
  expect(again?.Attributes?.ApproximateReceiveCount).toBe('2')
  await call(sqs, 'DeleteMessage', { QueueUrl, ReceiptHandle: again?.ReceiptHandle })
  await cloud.clock.advanceTo(START + 90_000)
  expect(await receive()).toEqual({})
})

test('dead letters keep their attributes, newest first, and age out', async () => {
  const { cloud, sqs, arn } = await deadLetterQueue()
  sqs.enqueue(arn, '{"a":1}', { ERROR_CODE: 'Denied' })
  await cloud.clock.advanceTo(START + 1_000)
  sqs.enqueue(arn, '{"a":2}')
  expect(sqs.deadLetters()).toMatchObject([
    { queue: 'dead', body: '{"a":2}', attributes: {}, sentAt: START + 1_000 },
    { queue: 'dead', body: '{"a":1}', attributes: { ERROR_CODE: 'Denied' }, sentAt: START },
  ])
  await cloud.clock.advanceTo(START + 86_400_000)
  expect(sqs.deadLetters()).toHaveLength(1)
})

// Expected digests were computed by an independent implementation (moto 5.2.1).
test.each([
  [{ key: { DataType: 'String', StringValue: 'value' } }, '80176cdee1a774a6892d24cec267ac2f'],
  [
    { b: { DataType: 'Number', StringValue: '7' }, a: { DataType: 'String', StringValue: 'é' } },
    '2fb57f3446a5bd267d8a69d5d68b7c42',
  ],
  [
    { bytes: { DataType: 'Binary.raw', BinaryValue: 'AP8=' }, a: { DataType: 'String', StringValue: 'x' } },
    'a7968a9db77bbf52171fe7fbd7f5c307',
  ],
])('the digests of a message with %j are the ones that SDKs check', async (MessageAttributes, digest) => {
  const { receive, send } = await deadLetterQueue()
  const body = '5d41402abc4b2a76b9719d911017c592'
  const sent = await send('hello', { MessageAttributes })
  expect(sent).toMatchObject({ MD5OfMessageBody: body, MD5OfMessageAttributes: digest })
  const received = (await receive({ MessageAttributeNames: ['All'] })).Messages?.[0]
  expect(received).toMatchObject({ MD5OfBody: body, MD5OfMessageAttributes: digest })
  expect(Object.keys(received?.MessageAttributes ?? {}).sort()).toEqual(Object.keys(MessageAttributes).sort())
})

test('a bad entry of a batch fails alone', async () => {
  const { sqs, QueueUrl } = await deadLetterQueue()
  const Entries = [
    { Id: 'a', MessageBody: 'x' },
    { Id: 'b', MessageBody: '' },
  ]
  const answer = await call<SendMessageBatchResult>(sqs, 'SendMessageBatch', { QueueUrl, Entries })
  expect(answer.Successful?.map(entry => entry.Id)).toEqual(['a'])
  expect(answer.Failed?.map(entry => entry.Id)).toEqual(['b'])
})

test('a queue policy goes to the queue, and queues that keep order are refused', async () => {
  const { cloud, sqs, QueueUrl, arn } = await deadLetterQueue()
  await provision(sqs, 'AWS::SQS::QueuePolicy', 'Policy', {
    Queues: [QueueUrl],
    PolicyDocument: { Statement: [] },
  })
  expect(cloud.policies.get(arn)).toEqual({ Statement: [] })
  await expect(provision(sqs, 'AWS::SQS::Queue', 'Q', { FifoQueue: true })).rejects.toThrow('FifoQueue')
  await expect(
    call(sqs, 'SendMessage', { QueueUrl: 'http://x/000000000000/none', MessageBody: 'x' }),
  ).rejects.toMatchObject({ code: 'QueueDoesNotExist' })
})

async function queueWithDeadLetters() {
  const made = await deadLetterQueue()
  const { cloud, sqs } = made
  const RedrivePolicy = { deadLetterTargetArn: made.arn, maxReceiveCount: 2 }
  const work = await provision(sqs, 'AWS::SQS::Queue', 'Work', { QueueName: 'work', RedrivePolicy })
  const WorkUrl = work.ref
  const hear = async () =>
    (await call<ReceiveMessageResult>(sqs, 'ReceiveMessage', { QueueUrl: WorkUrl, VisibilityTimeout: 1 }))
      .Messages?.[0]
  const later = () => cloud.clock.advanceTo(cloud.clock.now() + 1_000)
  return { ...made, WorkUrl, workArn: work.attributes?.Arn ?? '', hear, later }
}

test('what is received too often goes to the dead letters, and a move task brings it back', async () => {
  const { sqs, QueueUrl, arn, receive, WorkUrl, workArn, hear, later } = await queueWithDeadLetters()
  await call(sqs, 'SendMessage', { QueueUrl: WorkUrl, MessageBody: 'poison' })
  const first = await hear()
  await later()
  expect((await hear())?.MessageId).toBe(first?.MessageId)
  await later()
  expect(await hear()).toBeUndefined()
  const dead = (await receive({ AttributeNames: ['All'], VisibilityTimeout: 0 })).Messages?.[0]
  expect(dead).toMatchObject({ MessageId: first?.MessageId, Body: 'poison' })
  expect(dead?.Attributes?.DeadLetterQueueSourceArn).toBe(workArn)
  expect(await call(sqs, 'ListDeadLetterSourceQueues', { QueueUrl })).toEqual({ queueUrls: [WorkUrl] })
  await call(sqs, 'StartMessageMoveTask', { SourceArn: arn })
  expect((await hear())?.MessageId).toBe(first?.MessageId)
  const { Results } = await call<{ Results: unknown[] }>(sqs, 'ListMessageMoveTasks', { SourceArn: arn })
  expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }])
  await expect(call(sqs, 'StartMessageMoveTask', { SourceArn: workArn })).rejects.toThrow(
    'must be configured as a Dead Letter Queue',
  )
})

test('a poll waits in real time for a message and keeps nothing in flight meanwhile', async () => {
  const { cloud, receive, send } = await deadLetterQueue()
  const poll = receive({ WaitTimeSeconds: 20 })
  await cloud.clock.whenIdle()
  await send('at last')
  expect((await poll).Messages?.[0]?.Body).toBe('at last')
})

test('a poll sees a message that only local time makes visible, and ends when the service stops', async () => {
  const { cloud, sqs, receive, send } = await deadLetterQueue()
  await send('later', { DelaySeconds: 60 })
  const poll = receive({ WaitTimeSeconds: 20 })
  await cloud.clock.advanceTo(START + 60_000)
  expect((await poll).Messages?.[0]?.Body).toBe('later')
  const forgotten = receive({ WaitTimeSeconds: 20 })
  await sqs.stop?.()
  expect(await forgotten).toEqual({})
})

test('visibility can be changed while a message is in flight and not after', async () => {
  const { sqs, QueueUrl, receive, send } = await deadLetterQueue()
  await send('one')
  const ReceiptHandle = (await receive()).Messages?.[0]?.ReceiptHandle
  const change = (VisibilityTimeout: number) =>
    call(sqs, 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout })
  await change(0)
  await expect(change(5)).rejects.toMatchObject({ code: 'MessageNotInflight' })
  expect((await receive()).Messages).toHaveLength(1)
})

test('attributes with names of object members travel like others', async () => {
  const { receive, send } = await deadLetterQueue()
  const MessageAttributes: unknown = JSON.parse(
    '{"__proto__":{"DataType":"String","StringValue":"a"},"toString":{"DataType":"Binary","BinaryValue":"AQI="}}',
  )
  const sent = await send('hello', { MessageAttributes })
  const received = (await receive({ MessageAttributeNames: ['All'] })).Messages?.[0]
  expect(Object.keys(received?.MessageAttributes ?? {})).toEqual(['__proto__', 'toString'])
  expect(received?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes)
})

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:record-usage'
const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/facts'

const letters: [what: string, body: object, attributes: Record<string, string>, went: object][] = [
  [
    "a function's failure record",
    { requestContext: { functionArn: `${FUNCTION}:$LATEST` }, requestPayload: { n: 1 } },
    {},
    { functionArn: FUNCTION, event: { n: 1 } },
  ],
  [
    'an event for a function',
    { id: 'e' },
    { TARGET_ARN: FUNCTION },
    { functionArn: FUNCTION, event: { id: 'e' } },
  ],
  ['an event for a bus', { id: 'e' }, { TARGET_ARN: BUS }, { arn: BUS, event: { id: 'e' } }],
]

test.each(letters)(
  'a redrive sends %s to its origin and deletes the letter',
  async (_what, body, given, went) => {
    const { cloud, sqs, arn } = await deadLetterQueue()
    sqs.enqueue(arn, JSON.stringify(body), given)
    const [letter] = sqs.deadLetters()
    expect(await sqs.redrive('dead', letter?.id ?? '')).toBe(letter?.origin)
    expect([...cloud.invoked, ...cloud.delivered]).toMatchObject([went])
    expect(sqs.deadLetters()).toEqual([])
  },
)

test('a letter whose origin is unknown or refuses it stays where it is', async () => {
  const { cloud, sqs, arn } = await deadLetterQueue()
  sqs.enqueue(arn, '{"line":"poison"}', { reason: 'not JSON' })
  await cloud.clock.advanceTo(START + 1_000)
  sqs.enqueue(arn, '{"id":"e"}', { TARGET_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:gone' })
  const [unreachable, unknown] = sqs.deadLetters().map(letter => sqs.redrive('dead', letter.id))
  await expect(unknown).rejects.toThrow('does not say where it came from')
  await expect(unreachable).rejects.toThrow('not bound')
  await expect(sqs.redrive('constructor', 'x')).rejects.toMatchObject({ status: 404 })
  expect(sqs.deadLetters()).toHaveLength(2)
  expect(cloud.invoked).toEqual([])
})

test('messages, what hides them and changed attributes survive a restart', async () => {
  const before = await deadLetterQueue()
  await before.send('seen', { MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } })
  await before.receive({ VisibilityTimeout: 60 })
  await before.send('new')
  await call(before.sqs, 'SetQueueAttributes', {
    QueueUrl: before.QueueUrl,
    Attributes: { VisibilityTimeout: '7' },
  })
  const kept: unknown = structuredClone(before.sqs.snapshot?.())
  const after = await deadLetterQueue()
  await after.sqs.restore?.(kept)
  const { Attributes } = await call<{ Attributes: object }>(after.sqs, 'GetQueueAttributes', {
    QueueUrl: after.QueueUrl,
    AttributeNames: ['All'],
  })
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessages: '1',
    ApproximateNumberOfMessagesNotVisible: '1',
    VisibilityTimeout: '7',
    MessageRetentionPeriod: '86400',
  })
  await after.cloud.clock.advanceTo(START + 60_000)
  const all = await after.receive({ MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] })
  expect(all.Messages?.map(message => message.Body)).toEqual(['seen', 'new'])
})
