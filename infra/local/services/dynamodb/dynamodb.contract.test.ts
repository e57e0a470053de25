import { randomUUID } from 'node:crypto'
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientConfig, localOnly, ON_AWS } from '../../testing/contract-target.ts'
import { type Served, serve } from '../../testing/serve.ts'
import { createDynamoDbService } from './index.ts'

const TableName = `contract-${randomUUID()}`
/** AWS needs its time for tables and indexes. */
const PATIENCE_MS = 120_000

const shape: CreateTableCommandInput = {
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'o'].map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-owner',
      KeySchema: [{ AttributeName: 'o', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  Tags: [{ Key: 'purpose', Value: 'contract' }],
}

let served: Served | undefined
let client: DynamoDBClient

beforeAll(async () => {
  served = ON_AWS ? undefined : await serve(cloud => [createDynamoDbService(cloud)])
  client = new DynamoDBClient({ ...clientConfig(served?.url ?? ''), maxAttempts: ON_AWS ? 5 : 1 })
  await client.send(new CreateTableCommand(shape))
  await waitUntilTableExists({ client, maxWaitTime: PATIENCE_MS / 1000 }, { TableName })
}, PATIENCE_MS)

afterAll(async () => {
  await client.send(new DeleteTableCommand({ TableName }))
  client.destroy()
  await served?.close()
}, PATIENCE_MS)

const key = (pk: string, sk = '1') => ({ pk: { S: pk }, sk: { S: sk } })
const put = (Item: Record<string, AttributeValue>, more = {}) =>
  client.send(new PutItemCommand({ TableName, Item, ...more }))
const get = async (Key: Record<string, AttributeValue>) =>
  (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item
const update = (Key: Record<string, AttributeValue>, UpdateExpression: string, more = {}) =>
  client.send(new UpdateItemCommand({ TableName, Key, UpdateExpression, ...more }))

describe('a table', () => {
  test('is listed and described', async () => {
    const names = (await client.send(new ListTablesCommand({ Limit: 100 }))).TableNames
    expect(names).toContain(TableName)
    const { Table } = await client.send(new DescribeTableCommand({ TableName }))
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: expect.stringMatching(/^arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table\/contract-/),
      TableId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      DeletionProtectionEnabled: false,
      GlobalSecondaryIndexes: [{ IndexName: 'by-owner', IndexStatus: 'ACTIVE' }],
    })
  })

  test('tells its tags and that nothing can be restored', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }))
    const tags = await client.send(new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn }))
    expect(tags.Tags).toEqual([{ Key: 'purpose', Value: 'contract' }])
    const backups = await client.send(new DescribeContinuousBackupsCommand({ TableName }))
    expect(backups.ContinuousBackupsDescription).toMatchObject({
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    })
  })

  test('can be named by its ARN', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }))
    const byArn = new GetItemCommand({ TableName: Table?.TableArn, Key: key('nobody') })
    expect((await client.send(byArn)).Item).toBeUndefined()
  })

  test('is made once', async () => {
    await expect(client.send(new CreateTableCommand(shape))).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: `Table already exists: ${TableName}`,
    })
  })

  test('expires items by an attribute that can be chosen once', async () => {
    const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true }
    const enable = new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification })
    expect((await client.send(enable)).TimeToLiveSpecification).toEqual(TimeToLiveSpecification)
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }))
    expect(TimeToLiveDescription).toMatchObject({ AttributeName: 'expiresAt' })
    expect(TimeToLiveDescription?.TimeToLiveStatus).toMatch(/^ENABL(ED|ING)$/)
    await expect(client.send(enable)).rejects.toMatchObject({ name: 'ValidationException' })
  })
})

describe('an item', () => {
  test('is stored, updated and deleted', async () => {
    const Key = key('crud')
    await put({ ...Key, n: { N: '1' } })
    await update(Key, 'ADD n :one SET #o = if_not_exists(#o, :o)', {
      ExpressionAttributeNames: { '#o': 'o' },
      ExpressionAttributeValues: { ':one': { N: '2' }, ':o': { S: 'me' } },
    })
    expect(await get(Key)).toEqual({ ...Key, n: { N: '3' }, o: { S: 'me' } })
    await client.send(new DeleteItemCommand({ TableName, Key }))
    expect(await get(Key)).toBeUndefined()
  })

  test('keeps every type as it is', async () => {
    const Item = {
      ...key('types'),
      b: { B: new Uint8Array([0, 255]) },
      t: { BOOL: true },
      nil: { NULL: true },
      l: { L: [{ S: '' }, { N: '-1.5' }] },
      m: { M: { inner: { SS: ['a', 'b'] } } },
      constructor: { S: 'own' },
    }
    await put(Item)
    expect(await get(key('types'))).toEqual(Item)
  })

  test('is written once where the condition says so, with the type that the SDK knows', async () => {
    const once = { ConditionExpression: 'attribute_not_exists(pk)' }
    await put(key('once'), once)
    await expect(put(key('once'), once)).rejects.toBeInstanceOf(ConditionalCheckFailedException)
    await expect(put(key('once'), once)).rejects.toMatchObject({ message: 'The conditional request failed' })
  })

  test('comes with a failed condition when that is asked for', async () => {
    const held = { ...key('held'), n: { N: '7' } }
    await put(held)
    const asked = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }
    const values = { ExpressionAttributeValues: { ':n': { N: '8' } } }
    const failed = { Item: held }
    const ConditionExpression = 'attribute_not_exists(pk)'
    await expect(put(held, { ConditionExpression, ...asked })).rejects.toMatchObject(failed)
    const rejected = update(key('held'), 'SET n = :n', { ConditionExpression: 'n = :n', ...values, ...asked })
    await expect(rejected).rejects.toMatchObject(failed)
    const remove = { TableName, Key: key('held'), ConditionExpression: 'n = :n', ...values }
    const removal = new DeleteItemCommand({ ...remove, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })
    await expect(client.send(removal)).rejects.toMatchObject(failed)
    const unasked = await client.send(new DeleteItemCommand(remove)).catch(error => error)
    expect(unasked.Item).toBeUndefined()
  })

  test('counts exactly under 100 updates at once', async () => {
    const ExpressionAttributeValues = { ':one': { N: '1' } }
    const add = () => update(key('counter'), 'ADD n :one', { ExpressionAttributeValues })
    await Promise.all(Array.from({ length: 100 }, add))
    expect((await get(key('counter')))?.n).toEqual({ N: '100' })
  })

  test.each(['ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'] as const)(
    'is returned as %s',
    async ReturnValues => {
      const Key = key(`returned ${ReturnValues}`)
      await put({ ...Key, n: { N: '1' }, other: { S: 'x' } })
      const values = { ExpressionAttributeValues: { ':one': { N: '1' } }, ReturnValues }
      const { Attributes } = await update(Key, 'SET n = n + :one', values)
      const whole = ReturnValues.startsWith('ALL') ? { ...Key, other: { S: 'x' } } : {}
      expect(Attributes).toEqual({ ...whole, n: { N: ReturnValues.endsWith('OLD') ? '1' : '2' } })
    },
  )
})

describe('many items', () => {
  beforeAll(async () => {
    const items = Array.from({ length: 7 }, (_, n) => ({ ...key('many', `s${n}`), o: { S: 'owner' } }))
    const requests = items.map(Item => ({ PutRequest: { Item } }))
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }))
  })

  test('are queried in pages, from either end', async () => {
    const query = {
      TableName,
      KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)',
      ExpressionAttributeValues: { ':p': { S: 'many' }, ':s': { S: 's' } },
      ConsistentRead: true,
      Limit: 5,
      ScanIndexForward: false,
    }
    const first = await client.send(new QueryCommand(query))
    expect(first.Items?.map(item => item.sk?.S)).toEqual(['s6', 's5', 's4', 's3', 's2'])
    expect(first.LastEvaluatedKey).toEqual(key('many', 's2'))
    const rest = await client.send(new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }))
    expect(rest.Items?.map(item => item.sk?.S)).toEqual(['s1', 's0'])
  })

  test.each([
    ['sk = :a', ['s2']],
    ['sk < :a', ['s0', 's1']],
    ['sk <= :a', ['s0', 's1', 's2']],
    ['sk > :a', ['s3', 's4', 's5', 's6']],
    ['sk BETWEEN :a AND :b', ['s2', 's3', 's4']],
  ])('are chosen by %s', async (condition, expected) => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: `pk = :p AND ${condition}`,
        ExpressionAttributeValues: {
          ':p': { S: 'many' },
          ':a': { S: 's2' },
          ...(condition.includes(':b') && { ':b': { S: 's4' } }),
        },
        ConsistentRead: true,
      }),
    )
    expect(Items?.map(item => item.sk?.S)).toEqual(expected)
  })

  test('are filtered after they were counted', async () => {
    const { Items, Count, ScannedCount } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :p',
        FilterExpression: 'o = :nobody',
        ExpressionAttributeValues: { ':p': { S: 'many' }, ':nobody': { S: 'nobody' } },
        ConsistentRead: true,
      }),
    )
    expect([Items, Count, ScannedCount]).toEqual([[], 0, 7])
  })

  test('are found by an index', async () => {
    const byOwner = new QueryCommand({
      TableName,
      IndexName: 'by-owner',
      KeyConditionExpression: 'o = :o',
      ExpressionAttributeValues: { ':o': { S: 'owner' } },
    })
    await expect.poll(async () => (await client.send(byOwner)).Count, { timeout: 30_000 }).toBe(7)
  })

  test('are read in one call, and in segments', async () => {
    const Keys = [key('many', 's0'), key('many', 's1'), key('many', 'missing')]
    const batch = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } })
    expect((await client.send(batch)).Responses?.[TableName]).toHaveLength(2)
    const scans = [0, 1].map(Segment =>
      client.send(new ScanCommand({ TableName, Segment, TotalSegments: 2, ConsistentRead: true })),
    )
    const whole = await client.send(new ScanCommand({ TableName, ConsistentRead: true }))
    const parts = await Promise.all(scans)
    expect(parts.reduce((sum, part) => sum + (part.Count ?? 0), 0)).toBe(whole.Count)
  })
})

describe('a wrong request is refused in DynamoDB’s words', () => {
  const cases: readonly [string, () => Promise<unknown>, string, string | RegExp][] = [
    [
      'an unknown table',
      () => client.send(new GetItemCommand({ TableName: 'nobody', Key: key('x') })),
      'ResourceNotFoundException',
      'Requested resource not found',
    ],
    [
      'an unknown table that is described',
      () => client.send(new DescribeTableCommand({ TableName: 'nobody' })),
      'ResourceNotFoundException',
      'Requested resource not found: Table: nobody not found',
    ],
    [
      'an unknown table whose backups are described',
      () => client.send(new DescribeContinuousBackupsCommand({ TableName: 'nobody' })),
      'TableNotFoundException',
      'Table not found: nobody',
    ],
    [
      'half a key',
      () => get({ pk: { S: 'x' } }),
      'ValidationException',
      'The provided key element does not match the schema',
    ],
    [
      'a key of another type',
      () => put({ pk: { N: '1' }, sk: { S: '1' } }),
      'ValidationException',
      'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
    ],
    [
      'an item without its key',
      () => put({ pk: { S: 'x' } }),
      'ValidationException',
      'One or more parameter values were invalid: Missing the key sk in the item',
    ],
    [
      'a change of the key',
      () => update(key('x'), 'SET pk = :v', { ExpressionAttributeValues: { ':v': { S: 'y' } } }),
      'ValidationException',
      'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
    ],
    [
      'a reserved word',
      () => update(key('x'), 'SET status = :v', { ExpressionAttributeValues: { ':v': { S: 'y' } } }),
      'ValidationException',
      'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status',
    ],
    [
      'a value that nothing uses',
      () =>
        update(key('x'), 'SET a = :v', { ExpressionAttributeValues: { ':v': { S: 'y' }, ':w': { S: 'z' } } }),
      'ValidationException',
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}',
    ],
    [
      'a value that is not there',
      () => update(key('x'), 'SET a = :v'),
      'ValidationException',
      /Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :v/,
    ],
    [
      'two datatypes in one value',
      () => put({ ...key('x'), a: { S: 'x', N: '1' } as unknown as AttributeValue }),
      'ValidationException',
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    [
      'what is no number',
      () => put({ ...key('x'), a: { N: 'x' } }),
      'ValidationException',
      'The parameter cannot be converted to a numeric value: x',
    ],
    [
      'an item over 400 KB',
      () => put({ ...key('x'), a: { S: 'x'.repeat(410_000) } }),
      'ValidationException',
      'Item size has exceeded the maximum allowed size',
    ],
    [
      'a query without the key',
      () =>
        client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: 'o = :o',
            ExpressionAttributeValues: { ':o': { S: 'x' } },
          }),
        ),
      'ValidationException',
      'Query condition missed key schema element: pk',
    ],
    [
      'an unknown index',
      () =>
        client.send(
          new QueryCommand({
            TableName,
            IndexName: 'none',
            KeyConditionExpression: 'pk = :p',
            ExpressionAttributeValues: { ':p': { S: 'x' } },
          }),
        ),
      'ValidationException',
      'The table does not have the specified index: none',
    ],
    [
      'the same item twice in a batch',
      () => {
        const request = { PutRequest: { Item: key('twice') } }
        return client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [request, request] } }))
      },
      'ValidationException',
      'Provided list of item keys contains duplicates',
    ],
  ]
  test.each(cases)('%s', async (_name, send, name, message) => {
    const expected = typeof message === 'string' ? message : expect.stringMatching(message)
    await expect(send()).rejects.toMatchObject({ name, message: expected })
  })
})

const here = localOnly('the local cloud refuses what AWS has')

here('transactions, PartiQL and streams are refused by name', async () => {
  const { ExecuteStatementCommand, TransactWriteItemsCommand } = await import('@aws-sdk/client-dynamodb')
  const TransactItems = [{ Put: { TableName, Item: key('t') } }]
  await expect(client.send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toThrow(
    'the operation TransactWriteItems of dynamodb',
  )
  await expect(client.send(new ExecuteStatementCommand({ Statement: 'SELECT' }))).rejects.toThrow(
    'the operation ExecuteStatement of dynamodb',
  )
  const streamed = { ...shape, StreamSpecification: { StreamEnabled: true } }
  await expect(client.send(new CreateTableCommand(streamed))).rejects.toThrow(
    'dynamodb CreateTable: StreamSpecification',
  )
})

here(
  'attributes that every object inherits are refused by name, since no answer about them would be right',
  async () => {
    const exists = new ScanCommand({ TableName, FilterExpression: 'attribute_exists(toString)' })
    await expect(client.send(exists)).rejects.toThrow('the attribute name toString')
    const named = { ExpressionAttributeNames: { '#c': 'constructor' } }
    const filtered = new ScanCommand({ TableName, FilterExpression: 'attribute_exists(#c)', ...named })
    await expect(client.send(filtered)).rejects.toThrow('the attribute name constructor')
  },
)
