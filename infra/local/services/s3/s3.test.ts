import { deserialize, serialize } from 'node:v8'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fakeCloud } from '../../testing/fake-cloud.ts'
import { createS3Service } from './index.ts'
import { serveS3 } from './testing/serve.ts'

let at: Awaited<ReturnType<typeof serveS3>>
beforeEach(async () => {
  at = await serveS3([{ Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::proofs/*' }])
  await at.root.fetch(`${at.url}/proofs`, { method: 'PUT' })
})
afterEach(() => at.stop())

const put = (key: string, body: string, headers: Record<string, string> = {}) =>
  at.root.fetch(`${at.url}/proofs/${key}`, { method: 'PUT', body, headers })
const provision = (
  service: ReturnType<typeof createS3Service>,
  type: string,
  properties: Record<string, unknown>,
) => service.resources[type]?.({ stackName: 'Shop', logicalId: 'Proofs', type, properties, assemblyDir: '/' })

test('a bucket is named in the path or before the host', async () => {
  await put('a/b', 'text')
  const host = (name: string) =>
    at.s3.handle({
      method: 'GET',
      path: '/a/b',
      query: new URLSearchParams(),
      headers: { host: name },
      body: Buffer.alloc(0),
      identity: { kind: 'root' },
      requestId: 'r',
    })
  for (const name of ['proofs.localhost:4566', 'proofs.s3.localhost', 'proofs.s3.us-east-1.amazonaws.com'])
    expect((await host(name)).status, name).toBe(200)
  expect(String((await host('s3.us-east-1.amazonaws.com')).body)).toContain('<BucketName>a</BucketName>')
})

test('a key that is not there is told only to whoever may list the bucket', async () => {
  const asRole = await at.role.fetch(`${at.url}/proofs/none`)
  expect([asRole.status, await asRole.text()]).toEqual([403, expect.stringContaining('AccessDenied')])
  const asRoot = await at.root.fetch(`${at.url}/proofs/none`)
  expect([asRoot.status, await asRoot.text()]).toEqual([404, expect.stringContaining('NoSuchKey')])
})

test('a bucket’s policy lets in whom it names, and shuts out whom it denies', async () => {
  await at.root.fetch(`${at.url}/open`, { method: 'PUT' })
  await at.root.fetch(`${at.url}/open/a`, { method: 'PUT', body: 'x' })
  const status = async (path: string) => (await at.role.fetch(`${at.url}${path}`)).status
  expect(await status('/open/a')).toBe(403)
  const policy = (Effect: string, Bucket: string) => {
    const statement = { Effect, Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }
    return provision(at.s3, 'AWS::S3::BucketPolicy', { Bucket, PolicyDocument: { Statement: [statement] } })
  }
  await policy('Allow', 'open')
  expect([await status('/open/a'), (await fetch(`${at.url}/open/a`)).status]).toEqual([200, 200])
  await put('a', 'x')
  expect(await status('/proofs/a')).toBe(200)
  await policy('Deny', 'proofs')
  expect(await status('/proofs/a')).toBe(403)
})

test('what S3 does and the local cloud does not is refused by name', async () => {
  const refused = async (path: string, init: RequestInit = {}) => {
    const response = await at.root.fetch(`${at.url}${path}`, init)
    return `${response.status} ${/<Message>The local cloud does not support (.*) of S3/.exec(await response.text())?.[1]}`
  }
  expect(await refused('/proofs/a?uploads', { method: 'POST' })).toBe('501 POST ?uploads')
  expect(await refused('/proofs/a?partNumber=1&uploadId=x', { method: 'PUT' })).toBe('501 PUT ?partNumber')
  expect(await refused('/proofs?versioning')).toBe('501 GET ?versioning')
  expect(await refused('/proofs')).toBe('501 ListObjects (without list-type=2)')
  const copy = { 'x-amz-copy-source': '/proofs/b' }
  expect(await refused('/proofs/a', { method: 'PUT', headers: copy })).toBe(
    '501 x-amz-copy-source: /proofs/b',
  )
})

test('a body in signed chunks is stored without them, and its trailing checksum is checked', async () => {
  const send = (sum: string) => {
    const body = `5;chunk-signature=aa\r\nhello\r\n0;chunk-signature=bb\r\nx-amz-checksum-crc32:${sum}\r\n\r\n`
    return put('chunked', body, {
      'content-encoding': 'aws-chunked,gzip',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '5',
      'x-amz-trailer': 'x-amz-checksum-crc32',
    })
  }
  expect(await (await send('AAAAAA==')).text()).toContain('BadDigest')
  expect((await send('NhCmhg==')).headers.get('x-amz-checksum-crc32')).toBe('NhCmhg==')
  const stored = await at.root.fetch(`${at.url}/proofs/chunked`, {
    method: 'HEAD',
    headers: { 'x-amz-checksum-mode': 'ENABLED' },
  })
  expect(Object.fromEntries(stored.headers)).toMatchObject({
    'content-length': '5',
    'content-encoding': 'gzip',
    'x-amz-checksum-crc32': 'NhCmhg==',
  })
})

test('times are those of the local clock', async () => {
  await at.cloud.clock.advanceTo(Date.UTC(2040, 0, 1))
  await put('late', 'x')
  const stored = await at.root.fetch(`${at.url}/proofs/late`)
  expect(stored.headers.get('last-modified')).toBe('Sun, 01 Jan 2040 00:00:00 GMT')
})

test('fault switches strike by operation and bucket', async () => {
  at.cloud.faults.add({
    service: 's3',
    operation: 'PutObject',
    resource: 'proofs',
    effect: { kind: 'fail', code: 'SlowDown' },
  })
  expect(await (await put('a', 'x')).text()).toContain('<Code>SlowDown</Code>')
  expect((await at.root.fetch(`${at.url}/proofs/a`)).status).toBe(404)
  expect((await put('a', 'x')).status).toBe(200)
})

describe('a bucket of a template', () => {
  const service = () => createS3Service(fakeCloud())

  test('has a name in lower case, its addresses and its policy', async () => {
    const s3 = service()
    const made = await provision(s3, 'AWS::S3::Bucket', {
      BucketEncryption: { ServerSideEncryptionConfiguration: [] },
      VersioningConfiguration: { Status: 'Enabled' },
    })
    expect(made?.ref).toMatch(/^shop-proofs-[0-9a-f]{12}$/)
    expect(made?.attributes).toMatchObject({
      Arn: `arn:aws:s3:::${made?.ref}`,
      RegionalDomainName: `${made?.ref}.s3.us-east-1.amazonaws.com`,
    })
    await provision(s3, 'AWS::S3::BucketPolicy', { Bucket: made?.ref, PolicyDocument: { Statement: [] } })
    await expect(async () => provision(s3, 'AWS::S3::Bucket', {})).rejects.toThrow('already exists')
  })

  test('is refused with what it cannot do', async () => {
    const make = async (properties: Record<string, unknown>) =>
      provision(service(), 'AWS::S3::Bucket', properties)
    await expect(make({ NotificationConfiguration: {} })).rejects.toThrow('NotificationConfiguration')
    await expect(make({ BucketName: 'Upper' })).rejects.toThrow('not valid')
    await expect(make({ AccessControl: 'PublicRead' })).rejects.toThrow('AccessControl')
    const rule = { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }
    const encryption = { ServerSideEncryptionConfiguration: [rule] }
    await expect(make({ BucketEncryption: encryption })).rejects.toThrow('customer keys')
  })

  test('keeps its objects over a restart, as do buckets that a call made', async () => {
    await provision(at.s3, 'AWS::S3::Bucket', { BucketName: 'of-template' })
    await put('kept', 'text', { 'x-amz-meta-plan': 'starter' })
    await at.root.fetch(`${at.url}/of-template/kept`, { method: 'PUT', body: Buffer.from([0, 255]) })
    const saved = deserialize(serialize(at.s3.snapshot?.()))
    await at.stop()
    at = await serveS3()
    await provision(at.s3, 'AWS::S3::Bucket', { BucketName: 'of-template' })
    await at.s3.restore?.(saved)
    const kept = await at.root.fetch(`${at.url}/proofs/kept`)
    expect([await kept.text(), kept.headers.get('x-amz-meta-plan')]).toEqual(['text', 'starter'])
    const bytes = await at.root.fetch(`${at.url}/of-template/kept`)
    expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([0, 255])
  })
})
