import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serveS3 } from './testing/serve.ts'

const PROOFS = 'arn:aws:s3:::proofs/*'
let at: Awaited<ReturnType<typeof serveS3>>

beforeEach(async () => {
  at = await serveS3([{ Action: 's3:GetObject', Resource: PROOFS }])
  await at.root.fetch(`${at.url}/proofs`, { method: 'PUT' })
  const headers = { 'content-type': 'text/csv' }
  await at.root.fetch(`${at.url}/proofs/2026/a b%2Bc.csv`, { method: 'PUT', body: 'day,units', headers })
})
afterEach(() => at.stop())

const later = (ms: number) => at.cloud.clock.advanceTo(at.cloud.clock.now() + ms)

describe('a presigned address', () => {
  test('gives the object to anybody, under the name that was asked for', async () => {
    const disposition = 'attachment; filename="proof 1.csv"'
    const url = await at.presign('/proofs/2026/a b%2Bc.csv', {
      query: { 'response-content-disposition': disposition, 'response-content-type': 'application/zip' },
    })
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([200, 'day,units'])
    expect(response.headers.get('content-disposition')).toBe(disposition)
    expect(response.headers.get('content-type')).toBe('application/zip')
  })

  test('expires on the local clock, to the second', async () => {
    const url = await at.presign('/proofs/2026/a b%2Bc.csv', { seconds: 60 })
    await later(59_000)
    expect((await fetch(url)).status).toBe(200)
    await later(1_000)
    expect((await fetch(url)).status).toBe(403)
  })

  test('is no longer good when anything in it is changed', async () => {
    const url = await at.presign('/proofs/2026/a b%2Bc.csv')
    for (const changed of [
      url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'),
      url.replace('a%20b', 'a%20c'),
      `${url}&response-content-type=text/html`,
      url.replace(/Signature=..../, 'Signature=0000'),
    ]) {
      const response = await fetch(changed)
      expect([response.status, await response.text()], changed).toEqual([
        403,
        expect.stringContaining('<Code>SignatureDoesNotMatch</Code>'),
      ])
    }
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(403)
  })

  test('gives no more than its signer may read at that moment', async () => {
    await at.root.fetch(`${at.url}/secrets`, { method: 'PUT' })
    await at.root.fetch(`${at.url}/secrets/a`, { method: 'PUT', body: 'x' })
    const response = await fetch(await at.presign('/secrets/a'))
    expect(response.status).toBe(403)
    expect(await response.text()).toContain(
      'assumed-role/reader/session is not authorized to perform: s3:GetObject on resource',
    )
    expect((await fetch(await at.presign('/secrets/a', { by: at.root }))).status).toBe(200)
  })

  test('of an unknown signer is root’s, and expires all the same', async () => {
    const url = await at.presign('/proofs/2026/a b%2Bc.csv', { by: at.root })
    await later(60_000)
    const expired = await fetch(url)
    expect([expired.status, expired.headers.get('content-type')]).toEqual([403, 'application/xml'])
    expect(await expired.text()).toMatch(
      /<Code>AccessDenied<\/Code><Message>Request has expired<\/Message><X-Amz-Expires>60<\/X-Amz-Expires><Expires>\S+Z<\/Expires><ServerTime>\S+Z<\/ServerTime>/,
    )
  })

  test('of signature version 2 is told which one to use', async () => {
    const response = await fetch(`${at.url}/proofs/a?AWSAccessKeyId=local&Signature=x&Expires=9999999999`)
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('Please use AWS4-HMAC-SHA256.'),
    ])
  })

  test.each([
    ['X-Amz-Expires=604801', 'must be less than a week'],
    ['X-Amz-Expires=soon', 'should be a number'],
    ['X-Amz-Date=yesterday', 'is mal-formed'],
    ['X-Amz-Expires=', 'requires the X-Amz-Algorithm'],
  ])('with %s is malformed', async (change, text) => {
    const url = await at.presign('/proofs/2026/a b%2Bc.csv', { by: at.root })
    const name = change.split('=')[0]
    const response = await fetch(url.replace(new RegExp(`${name}=[^&]*`), change))
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(text)])
  })
})
