import type { ReceiveMessageResult, SendMessageBatchResult } from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { call, fakeCloud, provision, START } from '../../console/testing/fake-cloud.ts'
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
  expect(sqs.deadLetters()).toEqual([
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
])('the digests of a message with %j are the ones that SDKs check', async (MessageAttributes, digest) => {
  const { receive, send } = await deadLetterQueue()
  const body = '5d41402abc4b2a76b9719d911017c592'
  const sent = await send('hello', { MessageAttributes })
  expect(sent).toMatchObject({ MD5OfMessageBody: body, MD5OfMessageAttributes: digest })
  const received = (await receive({ MessageAttributeNames: ['All'] })).Messages?.[0]
  expect(received).toMatchObject({ MD5OfBody: body, MD5OfMessageAttributes: digest, MessageAttributes })
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

test('a queue policy goes to the queue, and queues that redrive or keep order are refused', async () => {
  const { cloud, sqs, QueueUrl, arn } = await deadLetterQueue()
  await provision(sqs, 'AWS::SQS::QueuePolicy', 'Policy', {
    Queues: [QueueUrl],
    PolicyDocument: { Statement: [] },
  })
  expect(cloud.policies.get(arn)).toEqual({ Statement: [] })
  await expect(provision(sqs, 'AWS::SQS::Queue', 'Q', { RedrivePolicy: {} })).rejects.toThrow('RedrivePolicy')
  await expect(provision(sqs, 'AWS::SQS::Queue', 'Q', { FifoQueue: true })).rejects.toThrow('FifoQueue')
  await expect(
    call(sqs, 'SendMessage', { QueueUrl: 'http://x/0/none', MessageBody: 'x' }),
  ).rejects.toMatchObject({ code: 'QueueDoesNotExist' })
})
