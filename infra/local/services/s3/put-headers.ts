import { notImplemented, s3Error } from './errors.ts'

const META = 'x-amz-meta-'
const MAX_META_BYTES = 2_048
const KEPT = ['cache-control', 'content-disposition', 'content-language', 'content-type', 'expires']
/** Headers of the transport, and what the body's own checks read. */
const TRANSPORT =
  /^x-amz-(content-sha256|date|security-token|user-agent|decoded-content-length|trailer|sdk-.*|checksum-.*|te|request-payer|expected-bucket-owner)$/
/** Settings that say what is so anyway. */
const GIVEN: Readonly<Record<string, readonly string[]>> = {
  'x-amz-acl': ['bucket-owner-full-control', 'private'],
  'x-amz-server-side-encryption': ['AES256'],
  'x-amz-storage-class': ['STANDARD'],
}

/** What is kept of a PUT's headers. Refuses, by name, settings that S3 would act on. */
export function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' }
  let metaBytes = 0
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(META)) metaBytes += Buffer.byteLength(name) - META.length + Buffer.byteLength(value)
    else if (name.startsWith('x-amz-')) checkSetting(name, value)
    if (KEPT.includes(name) || name.startsWith(META)) kept[name] = value
  }
  const codings = (headers['content-encoding'] ?? '').split(',').map(coding => coding.trim())
  const encoding = codings.filter(coding => coding !== '' && coding !== 'aws-chunked').join(', ')
  if (encoding !== '') kept['content-encoding'] = encoding
  if (metaBytes <= MAX_META_BYTES) return kept
  throw s3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', 400, {
    Size: String(metaBytes),
    MaxSizeAllowed: String(MAX_META_BYTES),
  })
}

function checkSetting(name: string, value: string): void {
  if (TRANSPORT.test(name)) return
  if (Object.hasOwn(GIVEN, name) && GIVEN[name]?.includes(value)) return
  if (name === 'x-amz-acl' || name.startsWith('x-amz-grant-'))
    throw s3Error('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400)
  throw notImplemented(`${name}: ${value}`, 'Header')
}
