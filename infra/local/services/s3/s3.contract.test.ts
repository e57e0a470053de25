import { createHash, randomUUID } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localOnly, ON_AWS } from '../../testing/contract-target.ts'
import { serveS3 } from './testing/serve.ts'

/** Signed HTTP is the client here: what an SDK adds would only be more headers. */
const bucket = `tollgate-contract-${randomUUID()}`
let here: Awaited<ReturnType<typeof serveS3>> | undefined
let client: AwsClient
let base: string

beforeAll(async () => {
  here = ON_AWS ? undefined : await serveS3()
  client = here?.root ?? ownClient()
  base = `${here?.url ?? `https://s3.${process.env.AWS_REGION ?? 'us-east-1'}.amazonaws.com`}/${bucket}`
  expect((await client.fetch(base, { method: 'PUT' })).status).toBe(200)
})
afterAll(async () => {
  const keys = [...(await text('?list-type=2&encoding-type=url')).matchAll(/<Key>([^<]*)<\/Key>/g)].map(
    ([, key]) => key,
  )
  for (const key of keys) await client.fetch(`${base}/${key}`, { method: 'DELETE' })
  expect((await client.fetch(base, { method: 'DELETE' })).status).toBe(204)
  await here?.stop()
})

function ownClient(): AwsClient {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN, AWS_REGION } = process.env
  return new AwsClient({
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
    region: AWS_REGION ?? 'us-east-1',
    service: 's3',
  })
}

const put = (key: string, body: string, headers: Record<string, string> = {}) =>
  client.fetch(`${base}/${key}`, { method: 'PUT', body, headers })
const get = (key: string, headers: Record<string, string> = {}) => client.fetch(`${base}/${key}`, { headers })
const text = async (path: string) => await (await client.fetch(`${base}${path}`)).text()
const md5 = (body: string) => createHash('md5').update(body).digest('hex')

describe('an object', () => {
  test('comes back as it was put, with its metadata', async () => {
    const made = await put('a/hello.txt', 'hello', {
      'content-type': 'text/plain',
      'cache-control': 'no-store',
      'content-disposition': 'attachment',
      'x-amz-meta-plan': 'starter',
    })
    expect([made.status, made.headers.get('etag')]).toEqual([200, `"${md5('hello')}"`])
    const response = await get('a/hello.txt')
    expect(await response.text()).toBe('hello')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
      'content-disposition': 'attachment',
      'content-length': '5',
      'content-type': 'text/plain',
      etag: `"${md5('hello')}"`,
      'last-modified': expect.stringMatching(/ GMT$/),
      'x-amz-meta-plan': 'starter',
      'x-amz-server-side-encryption': 'AES256',
    })
    const head = await client.fetch(`${base}/a/hello.txt`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '5', ''])
  })

  test('is read in part', async () => {
    await put('range', '0123456789')
    const read = async (range: string) => {
      const response = await get('range', { range })
      return [response.status, response.headers.get('content-range'), await response.text()]
    }
    expect(await read('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234'])
    expect(await read('bytes=8-')).toEqual([206, 'bytes 8-9/10', '89'])
    expect(await read('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789'])
    expect(await read('bytes=5-99')).toEqual([206, 'bytes 5-9/10', '56789'])
    const beyond = await get('range', { range: 'bytes=10-' })
    expect([beyond.status, await beyond.text()]).toEqual([
      416,
      expect.stringMatching(/<Code>InvalidRange<.*<RangeRequested>bytes=10-<.*<ActualObjectSize>10</),
    ])
  })

  test('is read under conditions', async () => {
    const etag = (await put('read-if', 'one')).headers.get('etag') ?? ''
    const status = async (headers: Record<string, string>) => (await get('read-if', headers)).status
    expect(await status({ 'if-match': etag })).toBe(200)
    expect(await status({ 'if-match': '"other"' })).toBe(412)
    expect(await status({ 'if-none-match': etag })).toBe(304)
    expect(await status({ 'if-none-match': '"other"' })).toBe(200)
    const [past, future] = ['Sat, 01 Jan 2000 00:00:00 GMT', 'Fri, 01 Jan 2100 00:00:00 GMT']
    expect(await status({ 'if-unmodified-since': past })).toBe(412)
    expect(await status({ 'if-match': etag, 'if-unmodified-since': past })).toBe(200)
    expect(await status({ 'if-modified-since': past })).toBe(200)
    expect(await status({ 'if-none-match': '"other"', 'if-modified-since': future })).toBe(200)
  })

  test('is written under conditions', async () => {
    const first = await put('write-if', 'one', { 'if-none-match': '*' })
    expect(first.status).toBe(200)
    const again = await put('write-if', 'two', { 'if-none-match': '*' })
    expect([again.status, await again.text()]).toEqual([
      412,
      expect.stringMatching(/<Code>PreconditionFailed<.*<Condition>If-None-Match</),
    ])
    expect((await put('write-if', 'two', { 'if-match': first.headers.get('etag') ?? '' })).status).toBe(200)
    expect((await put('write-if', 'three', { 'if-match': first.headers.get('etag') ?? '' })).status).toBe(412)
    expect((await put('never', 'x', { 'if-match': '"a"' })).status).toBe(404)
    expect(await (await get('write-if')).text()).toBe('two')
  })

  test('that is damaged on its way is not stored', async () => {
    const code = async (headers: Record<string, string>) =>
      /<Code>(\w+)</.exec(await (await put('damaged', 'hello', headers)).text())?.[1]
    const sha256 = createHash('sha256').update('hello').digest('base64')
    expect(await code({ 'content-md5': createHash('md5').update('other').digest('base64') })).toBe(
      'BadDigest',
    )
    expect(await code({ 'content-md5': 'nonsense' })).toBe('InvalidDigest')
    expect(
      await code({ 'x-amz-checksum-sha256': createHash('sha256').update('other').digest('base64') }),
    ).toBe('BadDigest')
    expect((await get('damaged')).status).toBe(404)
    const stored = await put('damaged', 'hello', { 'x-amz-checksum-sha256': sha256 })
    expect(stored.headers.get('x-amz-checksum-sha256')).toBe(sha256)
    const read = await get('damaged', { 'x-amz-checksum-mode': 'ENABLED' })
    expect(read.headers.get('x-amz-checksum-sha256')).toBe(sha256)
  })

  test('is gone once deleted, and deleting it again does no harm', async () => {
    await put('gone', 'x')
    for (let i = 0; i < 2; i++)
      expect((await client.fetch(`${base}/gone`, { method: 'DELETE' })).status).toBe(204)
    const missing = await get('gone')
    expect([missing.status, missing.headers.get('content-type'), await missing.text()]).toEqual([
      404,
      'application/xml',
      expect.stringMatching(
        /<Error><Code>NoSuchKey<\/Code><Message>The specified key does not exist.<\/Message><Key>gone<\/Key>/,
      ),
    ])
  })
})

describe('a listing', () => {
  const keys = (xml: string) => [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key)
  const prefixes = (xml: string) =>
    [...xml.matchAll(/<CommonPrefixes><Prefix>([^<]*)<\/Prefix>/g)].map(([, prefix]) => prefix)

  beforeAll(async () => {
    for (const key of ['list/b/1', 'list/b/2', 'list/a', 'list/c/1', 'list/%C3%A9%20%26%3C', 'list/Z'])
      await put(key, key)
  })

  test('is in the order of bytes, with what belongs to each key', async () => {
    const xml = await text('?list-type=2&prefix=list/')
    expect(keys(xml)).toEqual(['list/Z', 'list/a', 'list/b/1', 'list/b/2', 'list/c/1', 'list/é &amp;&lt;'])
    expect(xml).toContain('<KeyCount>6</KeyCount>')
    expect(xml).toContain('<IsTruncated>false</IsTruncated>')
    expect(xml).toMatch(
      new RegExp(
        `<Key>list/a</Key><LastModified>\\d{4}-\\d\\d-\\d\\dT[\\d:]+\\.\\d{3}Z</LastModified><ETag>&quot;${md5('list/a')}&quot;</ETag>`,
      ),
    )
    expect(keys(await text('?list-type=2&prefix=list/&encoding-type=url')).at(-1)).toMatch(
      /^list\/%C3%A9(\+|%20)%26%3C$/,
    )
  })

  test('rolls keys up to a delimiter and goes on where it stopped', async () => {
    const asked = '?list-type=2&prefix=list/&delimiter=/&max-keys=2'
    const seen: (string | undefined)[] = []
    let token = ''
    for (let page = 0; page < 5; page++) {
      const xml = await text(
        token === '' ? asked : `${asked}&continuation-token=${encodeURIComponent(token)}`,
      )
      seen.push(...keys(xml), ...prefixes(xml))
      token = /<NextContinuationToken>([^<]*)</.exec(xml)?.[1] ?? ''
      if (token === '') break
    }
    expect(seen).toEqual(['list/Z', 'list/a', 'list/b/', 'list/c/', 'list/é &amp;&lt;'])
  })

  test('starts after a key and may be empty', async () => {
    expect(keys(await text('?list-type=2&prefix=list/&start-after=list/b/1')).at(0)).toBe('list/b/2')
    const none = await text('?list-type=2&prefix=list/&max-keys=0')
    expect([keys(none), none.includes('<IsTruncated>false')]).toEqual([[], true])
    expect(await text('?list-type=2&max-keys=many')).toContain('<Code>InvalidArgument</Code>')
    expect(await text('?list-type=2&continuation-token=nonsense')).toContain('<Code>InvalidArgument</Code>')
  })
})

describe('a bucket', () => {
  test('is there or not, and somewhere', async () => {
    const head = await client.fetch(base, { method: 'HEAD' })
    expect([head.status, head.headers.get('x-amz-bucket-region')]).toEqual([
      200,
      process.env.AWS_REGION ?? 'us-east-1',
    ])
    expect(await text('?location')).toMatch(/<LocationConstraint xmlns="[^"]+"(\/>|>)/)
    const missing = `${base.slice(0, base.lastIndexOf('/'))}/tollgate-${randomUUID()}`
    expect((await client.fetch(missing, { method: 'HEAD' })).status).toBe(404)
    expect(await (await client.fetch(`${missing}/a`)).text()).toContain('<Code>NoSuchBucket</Code>')
  })

  test('cannot be deleted while it holds anything', async () => {
    await put('kept', 'x')
    const refused = await client.fetch(base, { method: 'DELETE' })
    expect([refused.status, await refused.text()]).toEqual([
      409,
      expect.stringContaining('<Code>BucketNotEmpty</Code>'),
    ])
  })

  localOnly('it lists every bucket of the account')('is listed with its account’s', async () => {
    const xml = await (await client.fetch(base.slice(0, base.lastIndexOf('/') + 1))).text()
    expect(xml).toMatch(new RegExp(`<Buckets><Bucket><Name>${bucket}</Name><CreationDate>`))
  })
})

test('a presigned address gives the object without credentials', async () => {
  await put('shared', 'proof')
  const at = new URL(`${base}/shared`)
  at.searchParams.set('X-Amz-Expires', '60')
  at.searchParams.set('response-content-disposition', 'attachment; filename="proof.txt"')
  const response = await fetch(await client.sign(at, { aws: { signQuery: true } }))
  expect([response.status, await response.text()]).toEqual([200, 'proof'])
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="proof.txt"')
})
