import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningCloud, startLocalCloud } from '../cloud.ts'
import { bundled, freePorts, functionRole, lambdaFunction, writeAssembly } from '../testing/assembly.ts'

/** Calls with what Lambda gives it; `secret` signs with another one. */
const CALLER = `
import { AwsClient } from 'aws4fetch'
const env = process.env
export const handler = async ({ service, target, input, secret }) => {
  const client = new AwsClient({
    accessKeyId: env.AWS_ACCESS_KEY_ID,
    secretAccessKey: secret ?? env.AWS_SECRET_ACCESS_KEY,
    sessionToken: env.AWS_SESSION_TOKEN,
    service,
    region: env.AWS_REGION,
  })
  const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' }
  const response = await client.fetch(env.AWS_ENDPOINT_URL, { method: 'POST', headers, body: JSON.stringify(input) })
  const { __type: type, message } = await response.json()
  return { status: response.status, ...(type && { type, message }) }
}`

const table = {
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
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
    Replicas: [{ Region: 'us-east-1' }],
  },
}
const tableArn = { 'Fn::GetAtt': ['Usage', 'Arn'] }
const template = {
  Resources: {
    Usage: table,
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
    Writer: lambdaFunction('writer', 'w', 'WriterRole', { Timeout: 30 }),
    WriterRole: functionRole([
      { Effect: 'Allow', Action: 'dynamodb:*', Resource: tableArn },
      { Effect: 'Deny', Action: 'dynamodb:GetItem', Resource: tableArn },
    ]),
  },
  Outputs: { Queue: { Value: { Ref: 'Queue' } } },
}

let running: RunningCloud
let removeAssembly: () => void

beforeAll(async () => {
  const assembly = writeAssembly([{ name: 'shop', template, bundles: { w: bundled(CALLER) } }])
  removeAssembly = assembly.remove
  const [aws = 0, console = 0, stripe = 0] = await freePorts(3)
  running = await startLocalCloud({
    assemblyDir: assembly.dir,
    parameters: {},
    clock: { mode: 'frozen', startAt: Date.UTC(2030, 0, 1) },
    ports: { aws, console, stripe, apis: {} },
  })
})
afterAll(async () => {
  await running?.stop()
  removeAssembly()
})

async function call(service: string, target: string, input: object, secret?: string): Promise<unknown> {
  const event = JSON.stringify({ service, target, input, secret })
  return JSON.parse((await running.cloud.invoke('writer', event, { kind: 'root' })).payload)
}
const dynamo = (operation: string, input: object, secret?: string) =>
  call('dynamodb', `DynamoDB_20120810.${operation}`, { TableName: 'usage', ...input }, secret)
const put = (secret?: string) => dynamo('PutItem', { Item: { pk: { S: 'a' } } }, secret)

const refusal = (action: string, resource: string, why: string) => {
  const role = /assumed-role\/shop-WriterRole-[0-9a-f]{12}\/writer/.source
  const text = `User: arn:aws:sts::000000000000:${role} is not authorized to perform: ${action} on resource: ${resource} ${why}`
  return { status: 400, type: 'AccessDeniedException', message: expect.stringMatching(`^${text}$`) }
}
const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/usage'

describe('a function', () => {
  test('may do what its role allows', async () => {
    expect(await put()).toEqual({ status: 200 })
  })

  test('may do nothing that no policy allows: the index is another resource', async () => {
    const ExpressionAttributeValues = { ':o': { S: 'x' } }
    const query = { IndexName: 'by-owner', KeyConditionExpression: 'o = :o', ExpressionAttributeValues }
    const why = 'because no identity-based policy allows the dynamodb:Query action'
    const expected = refusal('dynamodb:Query', `${arn}/index/by-owner`, why)
    expect(await dynamo('Query', query)).toEqual(expected)
  })

  test('may do nothing that a policy denies', async () => {
    const why = 'with an explicit deny in an identity-based policy'
    const expected = refusal('dynamodb:GetItem', arn, why)
    expect(await dynamo('GetItem', { Key: { pk: { S: 'a' } } })).toEqual(expected)
  })

  test('is refused in the words of the service that it calls', async () => {
    const message = { QueueUrl: running.outputs.shop?.Queue, MessageBody: 'm' }
    const why = 'because no identity-based policy allows the sqs:sendmessage action'
    const expected = refusal('sqs:sendmessage', 'arn:aws:sqs:us-east-1:000000000000:dead', why)
    expect(await call('sqs', 'AmazonSQS.SendMessage', message)).toEqual(expected)
  })

  test('that signs with another secret is nobody', async () => {
    expect(await put('guessed')).toEqual({
      status: 400,
      type: 'InvalidSignatureException',
      message: expect.stringContaining('does not match the signature you provided'),
    })
  })
})

test('a grant that was used is no longer reported', async () => {
  await put()
  const unused = running.unusedGrants().filter(({ holder }) => holder.includes('WriterRole'))
  expect(unused.flatMap(({ actions }) => actions)).not.toContain('dynamodb:*')
})
