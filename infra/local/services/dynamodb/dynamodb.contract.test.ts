import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningCloud, startLocalCloud } from '../../cloud.ts'
import { freePorts, functionRole, lambdaFunction, writeAssembly } from '../../testing/assembly.ts'

const WRITER = `export const handler = async () => {
  const sign = 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0'
  const call = async (operation, body) => {
    const response = await fetch(process.env.AWS_ENDPOINT_URL, {
      method: 'POST',
      headers: { authorization: sign, 'x-amz-target': 'DynamoDB_20120810.' + operation, 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify(body),
    })
    return { status: response.status, ...(await response.json()) }
  }
  return {
    put: await call('PutItem', { TableName: 'usage', Item: { pk: { S: 'from lambda' }, sk: { S: '1' } } }),
    remove: await call('DeleteItem', { TableName: 'usage', Key: { pk: { S: 'from lambda' }, sk: { S: '1' } } }),
    query: await call('Query', { TableName: 'usage', IndexName: 'by-owner', KeyConditionExpression: 'o = :o', ExpressionAttributeValues: { ':o': { S: 'x' } } }),
  }
}`

const template = {
  Resources: {
    Usage: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        TableName: 'usage',
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
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        Replicas: [{ Region: 'us-east-1', DeletionProtectionEnabled: true }],
      },
    },
    Writer: lambdaFunction('writer', 'w', 'WriterRole'),
    WriterRole: functionRole([
      { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: { 'Fn::GetAtt': ['Usage', 'Arn'] } },
    ]),
  },
}

let running: RunningCloud
let client: DynamoDBClient
let removeAssembly: () => void

beforeAll(async () => {
  const assembly = writeAssembly([{ name: 'shop', template, bundles: { w: WRITER } }])
  removeAssembly = assembly.remove
  const [aws = 0, console = 0, stripe = 0] = await freePorts(3)
  running = await startLocalCloud({
    assemblyDir: assembly.dir,
    parameters: {},
    clock: { mode: 'frozen', startAt: Date.UTC(2026, 0, 1) },
    ports: { aws, console, stripe, apis: {} },
  })
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  client = new DynamoDBClient({
    endpoint: running.urls.aws,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  })
})

afterAll(async () => {
  client.destroy()
  await running.stop()
  removeAssembly()
})

const key = (pk: string, sk = '1') => ({ pk: { S: pk }, sk: { S: sk } })

describe('a provisioned table', () => {
  test('is listed and described', async () => {
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(['usage'])
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'usage' }))
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/usage',
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      GlobalSecondaryIndexes: [{ IndexName: 'by-owner', IndexStatus: 'ACTIVE' }],
    })
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName: 'usage' }))
    expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' })
  })

  test('stores, reads, updates and deletes an item', async () => {
    const Key = key('crud')
    await client.send(new PutItemCommand({ TableName: 'usage', Item: { ...Key, n: { N: '1' } } }))
    await client.send(
      new UpdateItemCommand({
        TableName: 'usage',
        Key,
        UpdateExpression: 'ADD n :one SET #o = if_not_exists(#o, :o)',
        ExpressionAttributeNames: { '#o': 'o' },
        ExpressionAttributeValues: { ':one': { N: '2' }, ':o': { S: 'me' } },
      }),
    )
    const { Item } = await client.send(new GetItemCommand({ TableName: 'usage', Key, ConsistentRead: true }))
    expect(Item).toEqual({ ...Key, n: { N: '3' }, o: { S: 'me' } })
    await client.send(new DeleteItemCommand({ TableName: 'usage', Key }))
    expect((await client.send(new GetItemCommand({ TableName: 'usage', Key }))).Item).toBeUndefined()
  })

  test('can be named by its ARN', async () => {
    const TableName = 'arn:aws:dynamodb:us-east-1:000000000000:table/usage'
    expect((await client.send(new GetItemCommand({ TableName, Key: key('nobody') }))).Item).toBeUndefined()
  })

  test('refuses a put whose condition does not hold, with the type that the SDK knows', async () => {
    const put = new PutItemCommand({
      TableName: 'usage',
      Item: key('once'),
      ConditionExpression: 'attribute_not_exists(pk)',
    })
    await client.send(put)
    await expect(client.send(put)).rejects.toBeInstanceOf(ConditionalCheckFailedException)
  })

  test('counts exactly under 100 updates at once', async () => {
    const update = new UpdateItemCommand({
      TableName: 'usage',
      Key: key('counter'),
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    })
    await Promise.all(Array.from({ length: 100 }, () => client.send(update)))
    const { Item } = await client.send(new GetItemCommand({ TableName: 'usage', Key: key('counter') }))
    expect(Item?.n).toEqual({ N: '100' })
  })

  test('is queried by key and by index, in pages', async () => {
    const items = Array.from({ length: 7 }, (_, n) => ({ ...key('many', `s${n}`), o: { S: 'owner' } }))
    await client.send(
      new BatchWriteItemCommand({ RequestItems: { usage: items.map(Item => ({ PutRequest: { Item } })) } }),
    )
    const query = {
      TableName: 'usage',
      KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)',
      ExpressionAttributeValues: { ':p': { S: 'many' }, ':s': { S: 's' } },
      Limit: 5,
      ScanIndexForward: false,
    }
    const first = await client.send(new QueryCommand(query))
    expect(first.Items?.map(item => item.sk?.S)).toEqual(['s6', 's5', 's4', 's3', 's2'])
    const { LastEvaluatedKey } = first
    const rest = await client.send(
      new QueryCommand({ ...query, ...(LastEvaluatedKey ? { ExclusiveStartKey: LastEvaluatedKey } : {}) }),
    )
    expect(rest.Items).toHaveLength(2)
    const byOwner = await client.send(
      new QueryCommand({
        TableName: 'usage',
        IndexName: 'by-owner',
        KeyConditionExpression: 'o = :o',
        ExpressionAttributeValues: { ':o': { S: 'owner' } },
      }),
    )
    expect(byOwner.Count).toBe(7)
    expect(
      (await client.send(new ScanCommand({ TableName: 'usage', Segment: 0, TotalSegments: 1 }))).Count,
    ).toBeGreaterThan(6)
  })
})

describe('what dynalite does not do is refused by name', () => {
  test('a transaction', async () => {
    const put = { Put: { TableName: 'usage', Item: key('t') } }
    const send = client.send(new TransactWriteItemsCommand({ TransactItems: [put] }))
    await expect(send).rejects.toThrow('the operation TransactWriteItems of dynamodb')
  })

  test('a parameter', async () => {
    const put = new PutItemCommand({
      TableName: 'usage',
      Item: key('r'),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    await expect(client.send(put)).rejects.toThrow('ReturnValuesOnConditionCheckFailure of dynamodb PutItem')
  })

  test('a stream', async () => {
    const create = new CreateTableCommand({
      TableName: 'streamed',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    })
    await expect(client.send(create)).rejects.toThrow('StreamSpecification of dynamodb CreateTable')
  })
})

test('errors have the types of DynamoDB', async () => {
  await expect(client.send(new GetItemCommand({ TableName: 'nobody', Key: key('x') }))).rejects.toMatchObject(
    {
      name: 'ResourceNotFoundException',
    },
  )
  await expect(
    client.send(new GetItemCommand({ TableName: 'usage', Key: { pk: { S: 'x' } } })),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'The provided key element does not match the schema',
  })
})

test('a function may do to a table what its role grants, and no more', async () => {
  const result = await running.cloud.invoke('writer', '{}', { kind: 'root' })
  const refused = (action: string, resource: string) => ({
    status: 400,
    __type: 'AccessDeniedException',
    message: expect.stringContaining(
      `/writer is not authorized to perform: dynamodb:${action} on resource: ${resource}`,
    ),
  })
  const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/usage'
  expect(JSON.parse(result.payload)).toEqual({
    put: { status: 200 },
    remove: refused('DeleteItem', arn),
    query: refused('Query', `${arn}/index/by-owner`),
  })
})
