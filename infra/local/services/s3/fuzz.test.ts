import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeCloud } from '../../testing/fake-cloud.ts'
import { createS3Service } from './index.ts'

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
const words = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(...NAMES, '-1', '999999999999', 'x'.repeat(5_000)),
)
const path = fc.oneof(
  fc.constantFrom('/', '/shop', '/shop/', '/shop/a', '/shop/a/b', '//', '/%', '/shop/%zz', '/none/a'),
  fc.webPath(),
  words.map(key => `/shop/${encodeURIComponent(key.toWellFormed())}`),
  fc.constantFrom(...NAMES).map(name => `/${name}/${name}`),
)
const PARAMETERS = [
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
  'location',
  'versionId',
  'uploads',
  'response-content-type',
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
]
const HEADERS = [
  'host',
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'content-md5',
  'content-type',
  'content-encoding',
  'x-amz-content-sha256',
  'x-amz-checksum-crc32',
  'x-amz-checksum-sha256',
  'x-amz-checksum-constructor',
  'x-amz-meta-constructor',
  'x-amz-acl',
  'x-amz-storage-class',
  'x-amz-copy-source',
  'x-amz-expected-bucket-owner',
]

test('whatever is asked of it, it answers or refuses in S3’s own way', async () => {
  const s3 = createS3Service(fakeCloud())
  const send = (method: string, at: string, query = {}, headers = {}, body: string | Uint8Array = '') =>
    s3.handle({
      ...{ method, path: at, body: Buffer.from(body), headers },
      ...{ query: new URLSearchParams(query), identity: { kind: 'root' }, requestId: 'r' },
    })
  const request = fc.tuple(
    fc.constantFrom('GET', 'PUT', 'HEAD', 'DELETE', 'POST', 'constructor'),
    path,
    fc.dictionary(fc.constantFrom(...PARAMETERS, ...NAMES), words, { maxKeys: 4 }),
    fc.dictionary(fc.constantFrom(...HEADERS, ...NAMES), words, { maxKeys: 4 }),
    fc.uint8Array({ maxLength: 100 }),
  )
  await fc.assert(
    fc.asyncProperty(request, async ([method, at, query, headers, body]) => {
      await send('PUT', '/shop')
      const answer = await send(method, at, query, headers, body)
      expect(answer.status === 501 || answer.status < 500, `${answer.status} ${answer.body}`).toBe(true)
      if (answer.status >= 400) expect(String(answer.body)).toMatch(/^<\?xml .*\n<Error><Code>\w+</)
    }),
    { numRuns: 3_000, seed: Number(process.env.FUZZ_SEED ?? 1) },
  )
  await send('PUT', '/shop')
  await send('PUT', '/shop/a', {}, {}, 'still here')
  expect(String((await send('GET', '/shop/a')).body)).toBe('still here')
})
