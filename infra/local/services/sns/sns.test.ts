import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServiceError, UnsupportedError } from '../../contract.ts'
import { call, fakeCloud, provision } from '../../testing/recording-cloud.ts'
import { createSnsService, type TopicMail } from './index.ts'

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:alarms'
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:orders'
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:page'

async function topics() {
  const delivered: { arn: string; input: unknown; dead: string | undefined; by: unknown }[] = []
  const mails: TopicMail[] = []
  const cloud = fakeCloud({
    deliver: async ({ arn, input, deadLetterArn: dead }, _event, by) =>
      void delivered.push({ arn, input: JSON.parse(input ?? 'null'), dead, by }),
  })
  const sns = createSnsService(cloud, { sendMail: mail => void mails.push(mail) })
  await provision(sns, 'AWS::SNS::Topic', 'Alarms', { TopicName: 'alarms', DisplayName: 'Alarms' })
  const subscribe = (Protocol: string, Endpoint: string, Attributes = {}) =>
    call(sns, 'Subscribe', { TopicArn: TOPIC, Protocol, Endpoint, Attributes })
  return { sns, cloud, delivered, mails, subscribe }
}

test('a topic provisions with its policy and a subscription whose ARN is the same at every start', async () => {
  const { sns, cloud } = await topics()
  await provision(sns, 'AWS::SNS::TopicPolicy', 'Policy', {
    Topics: [TOPIC],
    PolicyDocument: { Statement: [] },
  })
  expect(cloud.policies.get(TOPIC)).toEqual({ Statement: [] })
  const mail = { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'a@b.cc' }
  const again = (await topics()).sns
  expect(await provision(sns, 'AWS::SNS::Subscription', 'Mail', mail)).toEqual(
    await provision(again, 'AWS::SNS::Subscription', 'Mail', mail),
  )
  await expect(provision(sns, 'AWS::SNS::Topic', 'Fifo', { FifoTopic: true })).rejects.toThrow('FifoTopic')
  const hook = { TopicArn: TOPIC, Protocol: 'https', Endpoint: 'https://a.bc' }
  await expect(provision(sns, 'AWS::SNS::Subscription', 'Hook', hook)).rejects.toThrow('https')
})

test('a message reaches functions, queues and the mailbox, each in its own form', async () => {
  const { sns, delivered, mails, subscribe } = await topics()
  await subscribe('lambda', FUNCTION)
  await subscribe('sqs', QUEUE, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${QUEUE}-dead` }) })
  await subscribe('sqs', `${QUEUE}-raw`, { RawMessageDelivery: 'true' })
  await subscribe('email', 'ops@example.com')
  const { MessageId } = await call(sns, 'Publish', {
    TopicArn: TOPIC,
    Subject: 'Alarm',
    Message: '{"default":"\\"all\\"","email":"by mail"}',
    MessageStructure: 'json',
    MessageAttributes: { stage: { DataType: 'String', StringValue: 'test' } },
  })
  const message = { Type: 'Notification', MessageId, TopicArn: TOPIC, Subject: 'Alarm', Message: '"all"' }
  const by = { kind: 'service', principal: 'sns.amazonaws.com', sourceArn: TOPIC }
  expect(delivered).toMatchObject([
    { arn: FUNCTION, input: { Records: [{ EventSource: 'aws:sns', Sns: message }] }, by },
    {
      arn: QUEUE,
      input: { ...message, MessageAttributes: { stage: { Type: 'String', Value: 'test' } } },
      dead: `${QUEUE}-dead`,
    },
    { arn: `${QUEUE}-raw`, input: 'all' },
  ])
  expect(mails).toEqual([{ to: 'ops@example.com', subject: 'Alarm', text: 'by mail' }])
})

test.each([
  ['Publish', { TopicArn: TOPIC, Message: '' }, 'Invalid parameter: Empty message'],
  ['Publish', { TopicArn: `${TOPIC}x`, Message: 'm' }, 'Topic does not exist'],
  ['Publish', { TopicArn: TOPIC, Message: 'm', Subject: 'a\nb' }, 'Invalid parameter: Subject'],
  ['Publish', { PhoneNumber: '+1', Message: 'm' }, 'PhoneNumber'],
  [
    'Subscribe',
    { TopicArn: TOPIC, Protocol: 'pigeon', Endpoint: 'x' },
    'does not support this protocol string: pigeon',
  ],
  ['Subscribe', { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'x' }, 'Invalid parameter: Endpoint x'],
  ['CreateTopic', { Name: 'a b' }, 'Invalid parameter: Topic Name'],
])('%s %j is refused: %s', async (operation, input, message) => {
  const { sns } = await topics()
  await expect(call(sns, operation, input)).rejects.toThrow(message)
})

test('topics and subscriptions that a call made outlive a restart', async () => {
  const { sns, subscribe } = await topics()
  await call(sns, 'CreateTopic', { Name: 'mine' })
  await subscribe('email', 'a@b.cc')
  const after = (await topics()).sns
  await after.restore?.(deserialize(serialize(sns.snapshot?.())))
  expect(await call(after, 'ListTopics', {})).toEqual(await call(sns, 'ListTopics', {}))
  expect(await call(after, 'ListSubscriptions', {})).toEqual(await call(sns, 'ListSubscriptions', {}))
  await call(after, 'DeleteTopic', { TopicArn: TOPIC })
  expect(await call(after, 'ListSubscriptions', {})).toEqual({ Subscriptions: [] })
})

test('whatever an operation is given, it answers or refuses', async () => {
  const { sns } = await topics()
  const names = [
    '__proto__',
    'constructor',
    'toString',
    'TopicArn',
    'TargetArn',
    'Name',
    'Message',
    'Subject',
  ]
  const more = [
    'MessageStructure',
    'MessageAttributes',
    'Attributes',
    'Protocol',
    'Endpoint',
    'SubscriptionArn',
    'NextToken',
  ]
  const plausible = fc.constantFrom<unknown>(
    ...[
      TOPIC,
      QUEUE,
      'json',
      '{"default":1}',
      '{"__proto__":{}}',
      'sqs',
      'email',
      'a@b.cc',
      '__proto__',
      'x'.repeat(300_000),
    ],
    ...[
      { __proto__: null, constructor: { DataType: 'String', StringValue: 'x' } },
      { RedrivePolicy: '[]' },
      { a: 'b' },
    ],
  )
  const input = fc.dictionary(fc.constantFrom(...names, ...more), fc.oneof(plausible, fc.jsonValue()))
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(sns.operations)), input, async (operation, given) => {
      try {
        await call(sns, operation, given)
      } catch (error) {
        if (error instanceof UnsupportedError) return
        expect(error, operation).toBeInstanceOf(ServiceError)
        expect((error as ServiceError).status).toBeLessThan(500)
      }
    }),
    { numRuns: 2_000, seed: Number(process.env.FUZZ_SEED ?? 1) },
  )
})
