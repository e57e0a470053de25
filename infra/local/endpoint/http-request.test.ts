import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Service } from '../contract.ts'
import { type Served, serve } from '../testing/serve.ts'
import { asRoot } from './testing/sign.ts'

const json: Service = {
  name: 'monitoring',
  signingName: 'monitoring',
  protocol: 'json',
  targetPrefix: 'Granite',
  operations: { Echo: input => input },
  resources: {},
}
const objects: Service = {
  name: 's3',
  signingName: 's3',
  protocol: 'rest-xml',
  operations: {},
  resources: {},
  handle: async ({ method, path, query, headers, body }) => ({
    status: 200,
    headers: {},
    body: JSON.stringify({
      method,
      path,
      query: [...query],
      encoding: headers['content-encoding'],
      checksum: headers['x-amz-checksum-crc32'],
      body: body.toString('latin1'),
    }),
  }),
}

let served: Served

beforeEach(async () => {
  served = await serve(() => [json, objects])
})
afterEach(() => served.close())

const post = (body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string>) =>
  fetch(served.url, {
    method: 'POST',
    headers: { ...asRoot('monitoring'), 'x-amz-target': 'Granite.Echo', ...headers },
    body,
  })
const put = (body: string, headers: Record<string, string>) =>
  fetch(`${served.url}/b/k`, { method: 'PUT', headers: { ...asRoot('s3'), ...headers }, body })

test('a compressed request is read', async () => {
  const body = new Uint8Array(gzipSync('{"a":1}'))
  expect(await (await post(body, { 'content-encoding': 'gzip' })).json()).toEqual({ a: 1 })
})

test.each([
  ['is no gzip', 'plain', 'gzip', 400, 'SerializationException'],
  ['is compressed in another way', 'x', 'br', 415, 'UnsupportedMediaTypeException'],
])('a body that %s is refused', async (_name, body, encoding, status, code) => {
  const response = await post(body, { 'content-encoding': encoding })
  expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([status, code])
})

test('a body that unpacks to more than any service takes is refused', async () => {
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(32 * 1024 * 1024)))
  expect((await post(bomb, { 'content-encoding': 'gzip' })).status).toBe(413)
})

test('a body of more than 16 MB is refused, and the endpoint goes on', async () => {
  const response = await post('x'.repeat(17 * 1024 * 1024), {}).catch(() => undefined)
  expect(response?.status ?? 413).toBe(413)
  expect((await post('{}', {})).status).toBe(200)
})

test('what S3 clients send in pieces is put together, with its trailer', async () => {
  const body = '5;chunk-signature=0\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n'
  const response = await put(body, {
    'content-encoding': 'gzip,aws-chunked',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '11',
  })
  expect(await response.json()).toMatchObject({ body: 'hello world', encoding: 'gzip', checksum: 'AAAA' })
})

test.each(['5\r\nhel', 'zz\r\n', '5\r\nhello\r\n', '', 'ffffffffff\r\n'])(
  'broken pieces %j are refused',
  async body => {
    const response = await put(body, { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('<Code>IncompleteBody</Code>')
  },
)

test('S3 gets path and query as they were sent', async () => {
  const { hostname, port } = new URL(served.url)
  const socket = connect(Number(port), hostname)
  socket.write(
    `GET /b/a%2F../%C3%A9?list-type=2&prefix=a+b HTTP/1.1\r\nhost: b.s3\r\nauthorization: ${asRoot('s3').authorization}\r\nconnection: close\r\n\r\n`,
  )
  let text = ''
  socket.setEncoding('utf8').on('data', part => {
    text += part
  })
  await once(socket, 'close')
  expect(text).toContain('"path":"/b/a%2F../%C3%A9","query":[["list-type","2"],["prefix","a b"]]')
})

test('a client that goes away in the middle harms nobody', async () => {
  const { hostname, port } = new URL(served.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{')
  socket.destroy()
  await once(socket, 'close')
  expect((await post('{}', {})).status).toBe(200)
})

test('headers beyond reason are refused, and the endpoint goes on', async () => {
  const response = await post('{}', { 'x-long': 'x'.repeat(20_000) })
  expect(response.status).toBe(431)
  expect((await post('{}', {})).status).toBe(200)
})
