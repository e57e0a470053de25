import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ContractCloud, contractCloud, ownName } from '../../testing/contract-cloud.ts'
import { clientConfig, ON_AWS } from '../../testing/contract-target.ts'

const bus = ownName('bus')
const queueName = ownName('heard')
const EventPattern = { source: ['shop'], detail: { amount: [{ numeric: ['>', 10] }] } }
const InputTransformer = {
  InputPathsMap: { id: '$.detail.id', source: '$.source' },
  InputTemplate: '{"id":<id>,"text":"order <id> of <source>"}',
}
const policy = (Resource: unknown) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource,
    },
  ],
})

let cloud: ContractCloud
let client: EventBridgeClient
let queues: SQSClient
let QueueUrl = ''

beforeAll(async () => {
  const arn = { 'Fn::GetAtt': ['Heard', 'Arn'] }
  const Targets = [{ Id: 'heard', Arn: arn, InputTransformer }]
  cloud = await contractCloud({
    Resources: {
      Heard: { Type: 'AWS::SQS::Queue', Properties: { QueueName: queueName } },
      MayHear: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: [{ Ref: 'Heard' }], PolicyDocument: policy(arn) },
      },
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: bus } },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: { Name: 'large', EventBusName: { Ref: 'Bus' }, EventPattern, Targets },
      },
    },
  })
  client = new EventBridgeClient(clientConfig(cloud.endpoint))
  queues = new SQSClient(clientConfig(cloud.endpoint))
  if (ON_AWS) await makeOnAws()
  else QueueUrl = (await queues.send(new GetQueueUrlCommand({ QueueName: queueName }))).QueueUrl ?? ''
}, 120_000)

async function makeOnAws(): Promise<void> {
  QueueUrl = (await queues.send(new CreateQueueCommand({ QueueName: queueName }))).QueueUrl ?? ''
  const { Attributes } = await queues.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  )
  const Arn = Attributes?.QueueArn ?? ''
  const Policy = JSON.stringify(policy(Arn))
  await queues.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
  await client.send(new CreateEventBusCommand({ Name: bus }))
  const rule = { Name: 'large', EventBusName: bus, EventPattern: JSON.stringify(EventPattern) }
  await client.send(new PutRuleCommand(rule))
  const Targets = [{ Id: 'heard', Arn, InputTransformer }]
  await client.send(new PutTargetsCommand({ Rule: 'large', EventBusName: bus, Targets }))
}

afterAll(async () => {
  if (ON_AWS) {
    await client.send(new RemoveTargetsCommand({ Rule: 'large', EventBusName: bus, Ids: ['heard'] }))
    await client.send(new DeleteRuleCommand({ Name: 'large', EventBusName: bus }))
    await client.send(new DeleteEventBusCommand({ Name: bus }))
    await queues.send(new DeleteQueueCommand({ QueueUrl }))
  }
  client.destroy()
  queues.destroy()
  await cloud.stop()
})

const order = (id: string, amount: number) => ({
  EventBusName: bus,
  Source: 'shop',
  DetailType: 'order',
  Detail: JSON.stringify({ id, amount }),
})

test('an event that a rule matches reaches the target as its transformer shapes it, another does not', async () => {
  const answer = await client.send(new PutEventsCommand({ Entries: [order('small', 5), order('large', 50)] }))
  expect(answer).toMatchObject({ FailedEntryCount: 0 })
  expect(answer.Entries?.every(entry => entry.EventId)).toBe(true)
  const heard = await queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
  expect(heard.Messages?.map(message => JSON.parse(message.Body ?? ''))).toEqual([
    { id: 'large', text: 'order large of shop' },
  ])
  const { ReceiptHandle } = heard.Messages?.[0] ?? {}
  await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
}, 60_000)

test('a bad entry fails alone', async () => {
  const Entries = [
    { ...order('a', 1), Detail: '{' },
    { ...order('b', 1), DetailType: '' },
    { ...order('c', 1), Source: 'aws.s3' },
    order('d', 1),
  ]
  const answer = await client.send(new PutEventsCommand({ Entries }))
  expect(answer.FailedEntryCount).toBe(3)
  expect(answer.Entries?.map(entry => entry.ErrorCode)).toEqual([
    'MalformedDetail',
    'InvalidArgument',
    'NotAuthorizedForSourceException',
    undefined,
  ])
})

test('more than ten entries, none, and too large ones are refused', async () => {
  const put = (Entries: object[]) => client.send(new PutEventsCommand({ Entries }))
  await expect(put(Array.from({ length: 11 }, () => order('a', 1)))).rejects.toMatchObject({
    name: 'ValidationException',
  })
  await expect(put([])).rejects.toMatchObject({ name: 'ValidationException' })
  const large = { ...order('a', 1), Detail: JSON.stringify({ x: 'x'.repeat(1_100_000) }) }
  await expect(put([large])).rejects.toThrow(/limit|large/i)
})

describe('what there is', () => {
  test('can be listed and described', async () => {
    const buses = await client.send(new ListEventBusesCommand({ NamePrefix: bus }))
    expect(buses.EventBuses?.map(one => one.Name)).toEqual([bus])
    expect((await client.send(new DescribeEventBusCommand({}))).Name).toBe('default')
    const rules = await client.send(new ListRulesCommand({ EventBusName: bus }))
    expect(rules.Rules).toMatchObject([{ Name: 'large', State: 'ENABLED', EventBusName: bus }])
    const rule = await client.send(new DescribeRuleCommand({ Name: 'large', EventBusName: bus }))
    expect(JSON.parse(rule.EventPattern ?? '')).toEqual(EventPattern)
    const targets = await client.send(new ListTargetsByRuleCommand({ Rule: 'large', EventBusName: bus }))
    expect(targets.Targets).toMatchObject([{ Id: 'heard', InputTransformer }])
  })

  test.each([
    ['a bus', () => client.send(new DescribeEventBusCommand({ Name: 'none' }))],
    ['a rule', () => client.send(new DescribeRuleCommand({ Name: 'none' }))],
    ['the rules of a bus', () => client.send(new ListRulesCommand({ EventBusName: 'none' }))],
  ])('is asked for in vain: %s', async (_what, run) => {
    await expect(run()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

const event = {
  id: '1',
  account: '000000000000',
  source: 'shop',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: [],
  'detail-type': 'order',
  detail: { amount: 12.5, name: 'Ada', tags: ['a', 'b'], nothing: null, ip: '10.0.0.7', inner: { x: 1 } },
}

test.each([
  [{ source: ['shop'] }, true],
  [{ detail: { amount: [{ numeric: ['>', 10, '<=', 12.5] }] } }, true],
  [{ detail: { name: [{ prefix: 'A' }] } }, true],
  [{ detail: { name: [{ prefix: { 'equals-ignore-case': 'aD' } }] } }, true],
  [{ detail: { name: [{ suffix: 'x' }] } }, false],
  [{ detail: { name: [{ wildcard: 'A*a' }] } }, true],
  [{ detail: { name: [{ 'equals-ignore-case': 'ADA' }] } }, true],
  [{ detail: { name: [{ 'anything-but': ['Ada'] }] } }, false],
  [{ detail: { name: [{ 'anything-but': { prefix: 'B' } }] } }, true],
  [{ detail: { name: [{ 'anything-but': { suffix: ['a', 'b'] } }] } }, false],
  [{ detail: { name: [{ 'anything-but': { 'equals-ignore-case': 'ADA' } }] } }, false],
  [{ detail: { name: [{ 'anything-but': { wildcard: '*z' } }] } }, true],
  [{ detail: { gone: [{ exists: false }] } }, true],
  [{ detail: { inner: [{ exists: true }] } }, false],
  [{ detail: { nothing: [null] } }, true],
  [{ detail: { tags: ['b'] } }, true],
  [{ detail: { ip: [{ cidr: '10.0.0.0/24' }] } }, true],
  [{ $or: [{ source: ['other'] }, { detail: { name: ['Ada'] } }] }, true],
])('the pattern %j gives %s', async (pattern, expected) => {
  const query = { EventPattern: JSON.stringify(pattern), Event: JSON.stringify(event) }
  expect((await client.send(new TestEventPatternCommand(query))).Result).toBe(expected)
})

test.each(['{', '{"a":"b"}', '{"a":[]}', '{"a":[{"odd":1}]}', '{"a":[{"cidr":"10.0.0.0/99"}]}'])(
  'the pattern %s is refused',
  async EventPattern => {
    const query = { EventPattern, Event: JSON.stringify(event) }
    await expect(client.send(new TestEventPatternCommand(query))).rejects.toMatchObject({
      name: 'InvalidEventPatternException',
    })
  },
)
