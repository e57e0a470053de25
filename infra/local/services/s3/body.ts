import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { s3Error } from './errors.ts'
import type { S3Request } from './s3.ts'

export type ReceivedBody = {
  readonly body: Buffer
  /** MD5 in hexadecimal: the ETag of what is uploaded in one part. */
  readonly etag: string
  readonly checksums: Record<string, string>
}

const CHECKSUM = 'x-amz-checksum-'
const DIGESTS: Readonly<Record<string, (body: Buffer) => string>> = {
  crc32: body => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(crc32(body))
    return bytes.toString('base64')
  },
  sha1: body => createHash('sha1').update(body).digest('base64'),
  sha256: body => createHash('sha256').update(body).digest('base64'),
}
/** Kept and sent back without being computed. */
const UNCHECKED = ['crc32c', 'crc64nvme']

/** The body, equal to every checksum that came with it. */
export function receiveBody({ headers, body }: S3Request): ReceivedBody {
  const md5 = createHash('md5').update(body).digest()
  checkMd5(headers['content-md5'], md5)
  checkSha256(headers['x-amz-content-sha256'], body)
  return { body, etag: md5.toString('hex'), checksums: checkedSums(headers, body) }
}

function checkMd5(given: string | undefined, md5: Buffer): void {
  if (given === undefined) return
  if (Buffer.from(given, 'base64').length !== 16)
    throw s3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400, {
      'Content-MD5': given,
    })
  if (given === md5.toString('base64')) return
  throw s3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400, {
    ExpectedDigest: given,
    CalculatedDigest: md5.toString('base64'),
  })
}

function checkSha256(given: string | undefined, body: Buffer): void {
  if (!/^[0-9a-f]{64}$/.test(given ?? '') || given === createHash('sha256').update(body).digest('hex')) return
  throw s3Error(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    400,
  )
}

function checkedSums(headers: Readonly<Record<string, string>>, body: Buffer): Record<string, string> {
  const sums: Record<string, string> = {}
  for (const [name, given] of Object.entries(headers)) {
    const algorithm = name.startsWith(CHECKSUM) ? name.slice(CHECKSUM.length) : ''
    const digest = Object.hasOwn(DIGESTS, algorithm) ? DIGESTS[algorithm] : undefined
    if (!digest && !UNCHECKED.includes(algorithm)) continue
    if (digest && digest(body) !== given)
      throw s3Error(
        'BadDigest',
        `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
        400,
      )
    sums[name] = given
  }
  return sums
}
