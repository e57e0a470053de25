import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Service, ServiceError } from '../../contract.ts'
import { type Served, serve } from '../../testing/serve.ts'
import { asRoot } from '../testing/sign.ts'
import { readQueryInput } from './query-input.ts'
import { escapeXml } from './xml.ts'

const sns: Service = {
  name: 'sns',
  signingName: 'sns',
  protocol: 'query',
  operations: {
    List: () => ({
      Topics: [{ TopicArn: 'a<b&c' }, { TopicArn: 'd' }],
      Attributes: new Map([['DisplayName', 'x']]),
      At: new Date(0),
      Empty: undefined,
      Count: 2,
    }),
    Nothing: () => undefined,
    Echo: input => ({ Seen: JSON.stringify(input) }),
    Denied: () => {
      throw new ServiceError('AccessDeniedException', 'not <you>', 403)
    },
  },
  resources: {},
}
const sqs: Service = {
  name: 'sqs',
  signingName: 'sqs',
  protocol: 'json',
  targetPrefix: 'AmazonSQS',
  operations: {},
  resources: {},
}

let served: Served

beforeEach(async () => {
  served = await serve(() => [sns, sqs])
})
afterEach(() => served.close())

async function form(body: string, service = 'sns') {
  const headers = { ...asRoot(service), 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const response = await fetch(served.url, { method: 'POST', headers, body })
  return { response, text: await response.text() }
}

test('an answer is an XML document named after its operation', async () => {
  const { response, text } = await form('Action=List&Version=2010-03-31')
  expect(response.headers.get('content-type')).toBe('text/xml')
  const id = response.headers.get('x-amzn-requestid')
  expect(text).toBe(
    '<ListResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListResult>' +
      '<Topics><member><TopicArn>a&lt;b&amp;c</TopicArn></member><member><TopicArn>d</TopicArn></member></Topics>' +
      '<Attributes><entry><key>DisplayName</key><value>x</value></entry></Attributes>' +
      '<At>1970-01-01T00:00:00.000Z</At><Count>2</Count>' +
      `</ListResult><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></ListResponse>`,
  )
})

test('an answer without members has no result', async () => {
  expect((await form('Action=Nothing')).text).not.toContain('NothingResult')
})

test('members come from the form, or from the address', async () => {
  const posted = await form('Action=Echo&A.member.2=y&A.member.1=x')
  expect(posted.text).toContain('{&quot;A&quot;:[&quot;x&quot;,&quot;y&quot;]}')
  const asked = await fetch(`${served.url}/?Action=Echo&B=1`, { headers: asRoot('sns') })
  expect(await asked.text()).toContain('{&quot;B&quot;:&quot;1&quot;}')
})

test('a failure says who is to blame, in the codes of this protocol', async () => {
  const { response, text } = await form('Action=Denied')
  expect(response.status).toBe(403)
  expect(text).toMatch(/<ErrorResponse xmlns=.*<Error><Type>Sender<\/Type><Code>AuthorizationError<\/Code>/)
  expect(text).toContain('<Message>not &lt;you&gt;</Message>')
})

test.each([
  ['an operation', 'Action=Publish&Message=x', 'sns', 'the operation Publish of sns'],
  [
    'a service that speaks JSON here',
    'Action=SendMessage',
    'sqs',
    'SendMessage of sqs in the query protocol',
  ],
  ['a service', 'Action=ListStacks', 'cloudformation', 'ListStacks of the service cloudformation'],
])('what is not there is refused in XML by name: %s', async (_name, body, service, message) => {
  const { response, text } = await form(body, service)
  expect(response.status).toBe(501)
  expect(text).toMatch(/<ErrorResponse.*<Code>NotSupportedByLocalCloud<\/Code>/)
  expect(text).toContain(message)
})

test.each([
  ['lists', 'L.member.1=a&L.member.10=c&L.member.2=b', { L: ['a', 'b', 'c'] }],
  ['flat lists', 'Name.1=a&Name.2=b', { Name: ['a', 'b'] }],
  ['structures', 'A.B.C=x&A.D=y', { A: { B: { C: 'x' }, D: 'y' } }],
  ['lists of structures', 'T.member.1.Key=k&T.member.1.Value=v', { T: [{ Key: 'k', Value: 'v' }] }],
  ['maps', 'M.entry.1.key=a&M.entry.1.value=1&M.entry.2.key=b&M.entry.2.value=2', { M: { a: '1', b: '2' } }],
  ['maps of SNS', 'M.entry.1.Name=a&M.entry.1.Value.DataType=String', { M: { a: { DataType: 'String' } } }],
])('%s are read from a form', (_name, body, expected) => {
  expect(readQueryInput(new URLSearchParams(body))).toEqual(expected)
})

test('names of prototypes are members like any other', () => {
  const input = readQueryInput(new URLSearchParams('__proto__.polluted=1&constructor=2&A.__proto__.b=3'))
  expect(Object.keys(input)).toEqual(['__proto__', 'constructor', 'A'])
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

test('a member nested beyond reason is refused', () => {
  expect(() => readQueryInput(new URLSearchParams(`${'A.'.repeat(2_000)}B=1`))).toThrow('nested too deeply')
})

test('letters that XML does not have are replaced', () => {
  expect(escapeXml('a\u0000b\ud800"\r')).toBe('a\ufffdb\ufffd&quot;&#xD;')
})
