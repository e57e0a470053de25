import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Service } from '../../contract.ts'
import { ServiceError, UnsupportedError } from '../../contract.ts'
import { type FakeCloud, fakeCloud, ROOT } from '../../testing/fake-cloud.ts'
import { createDynamoDbService } from './index.ts'

const START = Date.UTC(2030, 0, 1, 12)
const DAY_MS = 86_400_000

const properties = {
  TableName: 'usage',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'o'].map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-owner',
      KeySchema: [{ AttributeName: 'o', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  Replicas: [
    {
      Region: 'us-east-1',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      Tags: [{ Key: 'service', Value: 'billing' }],
    },
  ],
}

let cloud: FakeCloud
let dynamo: Service

beforeEach(async () => {
  cloud = fakeCloud(START)
  dynamo = createDynamoDbService(cloud)
  await provision(dynamo)
})
afterEach(() => dynamo.stop?.())

async function provision(service: Service, more = {}) {
  const provider = service.resources['AWS::DynamoDB::GlobalTable']
  return await provider?.({
    stackName: 'billing',
    logicalId: 'Usage',
    type: 'AWS::DynamoDB::GlobalTable',
    properties: { ...properties, ...more },
    assemblyDir: '/nowhere',
  })
}

type Answer = Readonly<Record<string, unknown>>

async function call(operation: string, input: object, service = dynamo): Promise<Answer> {
  const run = service.operations[operation]
  const context = { identity: ROOT, requestId: 'r', authorize: cloud.authorize.bind(cloud, ROOT) }
  const output = (await run?.(input, context)) as Answer
  return typeof output.body === 'string' ? JSON.parse(output.body) : output
}

const put = (Item: object, service = dynamo) => call('PutItem', { TableName: 'usage', Item }, service)
const owned = async (owner: string, service = dynamo) => {
  const ExpressionAttributeValues = { ':o': { S: owner } }
  const query = { TableName: 'usage', IndexName: 'by-owner', KeyConditionExpression: 'o = :o' }
  return (await call('Query', { ...query, ExpressionAttributeValues }, service)).Count
}
const keys = async (service = dynamo) => {
  const { Items } = (await call('Scan', { TableName: 'usage' }, service)) as {
    Items?: { pk: { S: string } }[]
  }
  return Items?.map(item => item.pk.S).sort()
}

describe('a template’s table', () => {
  test('is described as the template says, on the local clock, with the same id each start', async () => {
    const again = createDynamoDbService(fakeCloud(START))
    const made = await provision(again)
    expect((await call('DescribeTable', { TableName: 'usage' })).Table).toMatchObject({
      TableId: made?.attributes?.TableId,
      CreationDateTime: new Date(START),
      DeletionProtectionEnabled: true,
    })
    expect(await call('DescribeTimeToLive', { TableName: 'usage' })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
    })
    const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/usage'
    const tags = await call('ListTagsOfResource', { ResourceArn: arn })
    expect(tags).toEqual({ Tags: [{ Key: 'service', Value: 'billing' }] })
    const backups = await call('DescribeContinuousBackups', { TableName: 'usage' })
    expect(JSON.stringify(backups)).toContain('"PointInTimeRecoveryStatus":"ENABLED"')
  })

  test('that is protected cannot be deleted', async () => {
    await expect(call('DeleteTable', { TableName: 'usage' })).rejects.toThrow('protected against deletion')
  })

  test.each([
    ['capacity', { TableName: 'b', BillingMode: 'PROVISIONED' }, /provisioned capacity/],
    ['a stream', { TableName: 'b', StreamSpecification: {} }, /StreamSpecification/],
    ['another Region', { TableName: 'b', Replicas: [{ Region: 'eu-west-1' }] }, /other Regions/],
  ])('with %s is refused by name', async (_name, more, message) => {
    await expect(provision(dynamo, more)).rejects.toThrow(message)
  })
})

describe('an item whose time is over', () => {
  const seconds = (at: number) => ({ N: String(Math.floor(at / 1000)) })

  test('stays until the local day ends, then it and its index entries are gone', async () => {
    await put({ pk: { S: 'over' }, o: { S: 'me' }, expiresAt: seconds(START - 1000) })
    await put({ pk: { S: 'later' }, o: { S: 'me' }, expiresAt: seconds(START + 3 * DAY_MS) })
    await cloud.clock.advanceTo(START + DAY_MS / 4)
    expect(await keys()).toEqual(['later', 'over'])
    await cloud.clock.advanceTo(START + 2 * DAY_MS)
    expect(await keys()).toEqual(['later'])
    expect(await owned('me')).toBe(1)
    await cloud.clock.advanceTo(START + 5 * DAY_MS)
    expect(await keys()).toEqual([])
  })

  test('stays for ever when its time is no number, or more than five years ago', async () => {
    await put({ pk: { S: 'text' }, expiresAt: { S: '1' } })
    await put({ pk: { S: 'ancient' }, expiresAt: { N: '1' } })
    await put({ pk: { S: 'timeless' } })
    await cloud.clock.advanceTo(START + 3 * DAY_MS)
    expect(await keys()).toEqual(['ancient', 'text', 'timeless'])
  })
})

describe('after a restart', () => {
  /** What another cloud on the same templates makes of this one's snapshot. */
  async function restarted(more = {}): Promise<Service> {
    const saved: unknown = deserialize(serialize(await dynamo.snapshot?.()))
    cloud = fakeCloud(START + DAY_MS)
    const next = createDynamoDbService(cloud)
    await provision(next, more)
    await next.restore?.(saved)
    return next
  }

  test('items are there again, and found by their indexes', async () => {
    await put({ pk: { S: 'a' }, o: { S: 'me' }, n: { N: '1' } })
    await put({ pk: { S: 'b' }, o: { S: 'you' } })
    const next = await restarted()
    expect(await keys(next)).toEqual(['a', 'b'])
    expect(await owned('me', next)).toBe(1)
    await put({ pk: { S: 'a' }, o: { S: 'you' } }, next)
    expect([await owned('me', next), await owned('you', next)]).toEqual([0, 2])
  })

  test('tables are as old as they were; those made at run time are there again', async () => {
    const { TableName: _name, Replicas: _replicas, TimeToLiveSpecification: _ttl, ...shape } = properties
    await call('CreateTable', { ...shape, TableName: 'extra' })
    const next = await restarted()
    const { Table } = await call('DescribeTable', { TableName: 'usage' }, next)
    expect(Table).toMatchObject({ CreationDateTime: new Date(START) })
    expect(await call('ListTables', {}, next)).toEqual({ TableNames: ['extra', 'usage'] })
  })

  test('a table that left the template is gone, and one whose key changed stops the start', async () => {
    await put({ pk: { S: 'a' } })
    const without = await restarted({ TableName: 'other' })
    expect(await call('ListTables', {}, without)).toEqual({ TableNames: ['other'] })
    const changed = restarted({ KeySchema: [{ AttributeName: 'o', KeyType: 'HASH' }] })
    await expect(changed).rejects.toThrow('The table usage has another key')
  })
})

test.each([
  [7, 'NUMBER_VALUE cannot be converted to String'],
  [true, 'TRUE_VALUE cannot be converted to String'],
  [['usage'], 'Unrecognized collection type class java.lang.String'],
  [{ toString: null }, 'Start of structure or map found where not expected'],
])('a table’s name that is no text is refused: %j', async (TableName, message) => {
  for (const operation of ['GetItem', 'Query', 'DescribeTable'])
    await expect(call(operation, { TableName })).rejects.toThrow(message)
})

test('whatever is asked of it, it refuses in its own words and stays as it was', async () => {
  await put({ pk: { S: 'kept' } })
  const name = fc.constantFrom('pk', 'o', 'a', 'toString', 'constructor', '#n', ':v', '')
  const value = fc.oneof(
    fc.record({ S: fc.string() }),
    fc.record({ N: fc.oneof(fc.string(), fc.integer().map(String)) }),
    fc.record({ B: fc.base64String() }),
    fc.constantFrom({ NULL: true }, { L: [null] }, { M: {} }, { SS: [] }, { BOOL: 'yes' }, {}, null),
    fc.jsonValue(),
  )
  const item = fc.dictionary(name, value)
  const expression = fc.oneof(
    fc.string(),
    fc.constantFrom('SET a = :v', 'REMOVE a[0].b', 'ADD a :v', 'pk = :v', 'attribute_exists(a)', '#n > :v'),
    fc.constantFrom(
      'size(a) = :v',
      'DELETE a :v',
      'SET a = list_append(a, :v)',
      'a BETWEEN :v AND :v',
      'NOT a',
    ),
  )
  const input = fc.record(
    {
      TableName: fc.oneof(fc.constantFrom('usage', 'nobody', 'a'), fc.jsonValue()),
      IndexName: fc.constantFrom('by-owner', 'none', 7),
      Item: fc.oneof(item, fc.jsonValue()),
      Key: fc.oneof(item, fc.constant({ pk: { S: 'fuzz' } })),
      RequestItems: fc.oneof(
        fc.dictionary(fc.constantFrom('usage', 'x'), fc.jsonValue()),
        item.map(Key => ({ usage: { Keys: [Key] } })),
        item.map(Item => ({ usage: [{ PutRequest: { Item } }] })),
      ),
      UpdateExpression: expression,
      ConditionExpression: expression,
      KeyConditionExpression: expression,
      FilterExpression: expression,
      ProjectionExpression: expression,
      ExpressionAttributeNames: fc.dictionary(name, fc.oneof(name, fc.jsonValue())),
      ExpressionAttributeValues: fc.dictionary(name, value),
      AttributeUpdates: fc.dictionary(name, fc.jsonValue()),
      Expected: fc.dictionary(name, fc.jsonValue()),
      Limit: fc.jsonValue(),
      ExclusiveStartKey: item,
      Segment: fc.integer(),
      TotalSegments: fc.integer(),
      Select: fc.constantFrom('COUNT', 'ALL_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES'),
      ReturnValues: fc.constantFrom('ALL_OLD', 'ALL_NEW', 'UPDATED_NEW', 'x'),
      ReturnConsumedCapacity: fc.constantFrom('TOTAL', 'INDEXES'),
    },
    { requiredKeys: [] },
  )
  const operation = fc.constantFrom(...Object.keys(dynamo.operations))
  await fc.assert(
    fc.asyncProperty(operation, input, async (called, given) => {
      const known = Object.fromEntries(Object.entries(given).filter(([member]) => accepts(called, member)))
      const error: unknown = await call(called, known).then(
        () => undefined,
        failure => failure,
      )
      if (error === undefined || error instanceof UnsupportedError) return
      expect(error).toBeInstanceOf(ServiceError)
      expect((error as ServiceError).status).toBe(400)
    }),
    { numRuns: 600 },
  )
  expect(await keys()).toContain('kept')
}, 20_000)

/** Members that another operation knows would only be refused by name. */
function accepts(operation: string, member: string): boolean {
  if (operation.startsWith('Batch')) return member === 'RequestItems' || member === 'ReturnConsumedCapacity'
  const ofItem = ['TableName', 'ReturnConsumedCapacity', 'ExpressionAttributeNames']
  const written = ['ConditionExpression', 'Expected', 'ReturnValues', 'ExpressionAttributeValues']
  const read = [
    'IndexName',
    'FilterExpression',
    'ProjectionExpression',
    'Limit',
    'ExclusiveStartKey',
    'Select',
  ]
  const own: Readonly<Record<string, readonly string[]>> = {
    GetItem: [...ofItem, 'Key', 'ProjectionExpression'],
    PutItem: [...ofItem, ...written, 'Item'],
    DeleteItem: [...ofItem, ...written, 'Key'],
    UpdateItem: [...ofItem, ...written, 'Key', 'UpdateExpression', 'AttributeUpdates'],
    Query: [...ofItem, ...read, 'KeyConditionExpression', 'ExpressionAttributeValues'],
    Scan: [...ofItem, ...read, 'Segment', 'TotalSegments', 'ExpressionAttributeValues'],
    ListTables: ['Limit'],
  }
  return (own[operation] ?? ['TableName']).includes(member)
}
