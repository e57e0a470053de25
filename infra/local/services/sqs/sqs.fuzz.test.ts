import fc from 'fast-check'
import { expect, test } from 'vitest'
import { callWith, inputs, junk } from '../../testing/fuzz.ts'
import { call, fakeCloud, provision } from '../../testing/recording-cloud.ts'
import { createSqsService } from './index.ts'

const url = fc.constantFrom('dead', 'work', 'none').map(name => `http://127.0.0.1:4566/000000000000/${name}`)
const arn = fc.constantFrom('dead', 'work', 'none').map(name => `arn:aws:sqs:us-east-1:000000000000:${name}`)
const seconds = fc.integer({ min: -1, max: 50_000 })
const attribute = fc.record(
  {
    DataType: fc.constantFrom('String', 'Number', 'Binary', 'String.x', 'Odd'),
    StringValue: fc.string(),
    BinaryValue: fc.base64String(),
  },
  { requiredKeys: ['DataType'] },
)
const message = {
  MessageBody: fc.string({ minLength: 1 }),
  DelaySeconds: fc.integer({ min: -1, max: 1000 }),
  MessageAttributes: fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), attribute),
}
const batch = (entry: Record<string, fc.Arbitrary<unknown>>) =>
  fc.array(inputs({ Id: fc.constantFrom('a', 'b', 'c', 'a b'), ...entry }), { maxLength: 11 })
const names = fc.array(fc.constantFrom('All', 'QueueArn', 'SenderId', 'SentTimestamp', 'constructor'))
const handle = fc.base64String().map(text => `AQEB${text}`)
const page = { MaxResults: fc.integer({ min: -1, max: 1001 }), NextToken: fc.base64String() }

const OPERATIONS: Record<string, Record<string, fc.Arbitrary<unknown>>> = {
  SendMessage: { QueueUrl: url, ...message },
  SendMessageBatch: { QueueUrl: url, Entries: batch(message) },
  ReceiveMessage: {
    QueueUrl: url,
    MaxNumberOfMessages: fc.integer({ min: 0, max: 11 }),
    VisibilityTimeout: seconds,
    WaitTimeSeconds: fc.constant(0),
    AttributeNames: names,
    MessageSystemAttributeNames: names,
    MessageAttributeNames: names,
  },
  DeleteMessage: { QueueUrl: url, ReceiptHandle: handle },
  DeleteMessageBatch: { QueueUrl: url, Entries: batch({ ReceiptHandle: handle }) },
  ChangeMessageVisibility: { QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: seconds },
  ChangeMessageVisibilityBatch: {
    QueueUrl: url,
    Entries: batch({ ReceiptHandle: handle, VisibilityTimeout: seconds }),
  },
  GetQueueAttributes: { QueueUrl: url, AttributeNames: names },
  SetQueueAttributes: {
    QueueUrl: url,
    Attributes: fc.dictionary(
      fc.constantFrom('VisibilityTimeout', 'Policy', 'RedrivePolicy', 'RedriveAllowPolicy', '__proto__'),
      fc.oneof(fc.constantFrom('0', '30', '', '{}', '{"maxReceiveCount":1}'), fc.string()),
    ),
  },
  GetQueueUrl: { QueueName: fc.constantFrom('dead', 'constructor'), QueueOwnerAWSAccountId: fc.string() },
  ListQueues: { QueueNamePrefix: fc.string(), ...page },
  ListDeadLetterSourceQueues: { QueueUrl: url, ...page },
  PurgeQueue: { QueueUrl: url },
  StartMessageMoveTask: {
    SourceArn: arn,
    DestinationArn: arn,
    MaxNumberOfMessagesPerSecond: fc.integer({ min: 0, max: 501 }),
  },
  ListMessageMoveTasks: { SourceArn: arn, MaxResults: fc.integer({ min: 0, max: 11 }) },
}

test('every operation is fuzzed', () => {
  const sqs = createSqsService(fakeCloud())
  expect(Object.keys(OPERATIONS).sort()).toEqual(Object.keys(sqs.operations).sort())
})

test('whatever is sent, SQS answers or refuses, and its queues stay whole', async () => {
  const step = fc
    .constantFrom(...Object.keys(OPERATIONS))
    .chain(operation => fc.tuple(fc.constant(operation), inputs(OPERATIONS[operation] ?? {})))
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), junk, async (steps, state) => {
      const sqs = createSqsService(fakeCloud())
      const dead = await provision(sqs, 'AWS::SQS::Queue', 'D', { QueueName: 'dead' })
      const deadLetterTargetArn = dead.attributes?.Arn
      const RedrivePolicy = { deadLetterTargetArn, maxReceiveCount: 1 }
      await provision(sqs, 'AWS::SQS::Queue', 'W', { QueueName: 'work', RedrivePolicy })
      for (const [operation, input] of steps) await callWith(sqs, operation, input)
      await sqs.redrive('dead', String(state)).catch(() => undefined)
      structuredClone(sqs.snapshot?.())
      expect(await call(sqs, 'ListQueues', {})).toMatchObject({
        QueueUrls: [{}, {}].map(() => expect.any(String)),
      })
      expect(sqs.deadLetters().every(letter => letter.body !== '')).toBe(true)
    }),
    { numRuns: 150 },
  )
})
