import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMemoryObjectStore } from './memory-object-store.ts'
import type { ObjectStore } from './object-store.ts'
import { createS3ObjectStore } from './s3-object-store.ts'

type Seen = { method: string; url: string; headers: IncomingHttpHeaders }
const objects = new Map<string, Buffer>()
const seen: Seen[] = []
/** Answers that come before the real ones: a status, or a connection that breaks. */
const faults: (number | 'cut')[] = []
let endpoint: string

const server = createServer(async (request, response) => {
  const { method = '', url = '', headers } = request
  seen.push({ method, url, headers })
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const fault = faults.shift()
  if (fault === 'cut') return void request.socket.destroy()
  if (fault !== undefined)
    return void response.writeHead(fault).end(`<Error><Code>Slow${fault}</Code></Error>`)
  const path = url.split('?')[0] ?? ''
  if (method === 'PUT') {
    objects.set(path, Buffer.concat(chunks))
    return void response.writeHead(200).end()
  }
  const body = objects.get(path)
  response.writeHead(body ? 200 : 404).end(body ?? '<Error><Code>NoSuchKey</Code></Error>')
})

beforeEach(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  objects.clear()
  seen.length = 0
  faults.length = 0
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

const s3 = () =>
  createS3ObjectStore(
    'proofs',
    () => ({
      ...{ region: 'eu-central-1', endpoint, sessionToken: 'session' },
      ...{ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    }),
    async () => {},
  )
const text = (body: Uint8Array | undefined) => body && Buffer.from(body).toString('utf8')
const bytes = (content: string) => new Uint8Array(Buffer.from(content))
const csv = { contentType: 'text/csv' }

const stores: readonly (readonly [string, () => ObjectStore])[] = [
  ['S3', s3],
  ['memory', createMemoryObjectStore],
]
describe.each(stores)('objects in %s', (_, create) => {
  test('come back as they were put, the last put wins, and a missing one is undefined', async () => {
    const store = create()
    await store.put('a/b c.csv', bytes('first'), csv)
    await store.put('a/b c.csv', bytes('second'), csv)
    expect(text(await store.get('a/b c.csv'))).toBe('second')
    expect(await store.get('a/none')).toBeUndefined()
  })
})

test('a body travels with its SHA-256, signed, under an encoded key', async () => {
  await s3().put('a/b c.csv', bytes('hello'), csv)
  expect(seen[0]).toMatchObject({
    ...{ method: 'PUT', url: '/proofs/a/b%20c.csv' },
    headers: {
      'x-amz-checksum-sha256': 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
      'x-amz-content-sha256': '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      'x-amz-security-token': 'session',
      'content-type': 'text/csv',
    },
  })
  expect(seen[0]?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 .*\/eu-central-1\/s3\/aws4_request/)
})

test('what S3 could not take is sent again; a refusal is not, and says why', async () => {
  faults.push(503, 'cut')
  await s3().put('a', bytes('x'), csv)
  expect(seen).toHaveLength(3)
  faults.push(403)
  await expect(s3().put('a', bytes('x'), csv)).rejects.toThrow('S3 PUT a failed with Slow403')
  faults.push(500, 500, 500, 'cut')
  await expect(s3().get('a')).rejects.toMatchObject({ name: 'ObjectStoreError', code: 'NetworkError' })
})

test('an address for a browser is signed in its query, lasts as long as it says and names the download', async () => {
  const url = new URL(await s3().presignGet('a/1.csv.gz', { expiresSeconds: 900, fileName: '1.csv.gz' }))
  expect(url.pathname).toBe('/proofs/a/1.csv.gz')
  expect(url.searchParams.get('X-Amz-Expires')).toBe('900')
  expect(url.searchParams.get('X-Amz-Security-Token')).toBe('session')
  expect(url.searchParams.get('response-content-disposition')).toBe('attachment; filename="1.csv.gz"')
  expect(url.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/)
})
