import { randomUUID } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT_CREDENTIALS } from '../../options.ts'
import { localOnly, ON_AWS } from '../../testing/contract-target.ts'
import { type Served, serve } from '../../testing/serve.ts'
import { createSnsService, type TopicMail } from './index.ts'

/** The query protocol is plain forms, so signed HTTP is the client here. */
const name = `tollgate-contract-${randomUUID()}`
const mails: TopicMail[] = []
let here: Served | undefined
let client: AwsClient
let topic: string

beforeAll(async () => {
  here = ON_AWS
    ? undefined
    : await serve(cloud => [createSnsService(cloud, { sendMail: mail => void mails.push(mail) })])
  client = new AwsClient({ ...credentials(), service: 'sns', region: region(), retries: 0 })
  topic = element(await ask('CreateTopic', { Name: name }), 'TopicArn')
})
afterAll(async () => {
  await ask('DeleteTopic', { TopicArn: topic })
  await here?.close()
})

const region = () => process.env.AWS_REGION ?? 'us-east-1'

function credentials() {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN: sessionToken } = process.env
  if (!ON_AWS) return ROOT_CREDENTIALS
  const own = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY }
  return sessionToken === undefined ? own : { ...own, sessionToken }
}

async function ask(Action: string, parameters: Record<string, string>): Promise<string> {
  const url = here?.url ?? `https://sns.${region()}.amazonaws.com`
  const body = new URLSearchParams({ Action, Version: '2010-03-31', ...parameters }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  return await (await client.fetch(`${url}/`, { method: 'POST', body, headers })).text()
}

const element = (xml: string, tag: string): string =>
  new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1] ?? ''

test('a topic has an ARN, is listed and described, and making it again changes nothing', async () => {
  expect(topic).toMatch(new RegExp(`^arn:aws:sns:[\\w-]+:\\d{12}:${name}$`))
  expect(element(await ask('CreateTopic', { Name: name }), 'TopicArn')).toBe(topic)
  expect(await ask('ListTopics', {})).toContain(`<member><TopicArn>${topic}</TopicArn></member>`)
  const described = await ask('GetTopicAttributes', { TopicArn: topic })
  expect(described).toMatch(/<entry><key>SubscriptionsConfirmed<\/key><value>0<\/value><\/entry>/)
  expect(described).toMatch(new RegExp(`<key>TopicArn</key><value>${topic}</value>`))
})

test('a message gets an id', async () => {
  expect(element(await ask('Publish', { TopicArn: topic, Message: 'hello' }), 'MessageId')).toMatch(
    /^[0-9a-f-]{36}$/,
  )
})

test.each([
  ['Publish', { TopicArn: 'the topic', Message: '' }, 'InvalidParameter', 'Invalid parameter: Empty message'],
  ['Publish', { TopicArn: 'nonsense', Message: 'm' }, 'InvalidParameter', 'Invalid parameter: TopicArn'],
  ['CreateTopic', { Name: 'a b' }, 'InvalidParameter', 'Invalid parameter: Topic Name'],
  [
    'Subscribe',
    { TopicArn: 'the topic', Protocol: 'pigeon' },
    'InvalidParameter',
    'does not support this protocol string: pigeon',
  ],
])('%s with %j fails with %s', async (action, parameters, code, message) => {
  const given = Object.entries(parameters).map(([key, value]) => [key, value === 'the topic' ? topic : value])
  const answer = await ask(action, Object.fromEntries(given))
  expect([element(answer, 'Code'), element(answer, 'Message')]).toEqual([
    code,
    expect.stringContaining(message),
  ])
})

test('a topic that is not there is not found', async () => {
  const answer = await ask('Publish', { TopicArn: `${topic}-not`, Message: 'm' })
  expect([element(answer, 'Code'), element(answer, 'Message')]).toEqual(['NotFound', 'Topic does not exist'])
})

localOnly('AWS asks for a confirmation by mail first')('a subscriber gets the message by mail', async () => {
  const asked = { TopicArn: topic, Protocol: 'email', Endpoint: 'ops@example.com' }
  const arn = element(await ask('Subscribe', asked), 'SubscriptionArn')
  expect(element(await ask('Subscribe', asked), 'SubscriptionArn')).toBe(arn)
  await ask('Publish', { TopicArn: topic, Message: 'hello', Subject: 'Alarm' })
  expect(mails).toEqual([{ to: 'ops@example.com', subject: 'Alarm', text: 'hello' }])
  expect(await ask('ListSubscriptionsByTopic', { TopicArn: topic })).toContain(arn)
  await ask('Unsubscribe', { SubscriptionArn: arn })
  expect(await ask('ListSubscriptions', {})).not.toContain(arn)
})
