import type { RestRequest } from '../../contract.ts'
import { s3Error } from './errors.ts'
import type { S3Request } from './s3.ts'

/** A bucket before the host's own name: `<bucket>.localhost`, `<bucket>.s3.us-east-1.amazonaws.com`. */
const VIRTUAL_HOSTS = [
  /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.(?:localhost|127\.0\.0\.1|amazonaws\.com)$/,
  /^(.+)\.(?:localhost|127\.0\.0\.1)$/,
]

/** Reads bucket and key from the path, or the bucket from the host and the key from the path. */
export function locate(request: RestRequest): S3Request {
  const path = request.path.replace(/^\//, '')
  const hosted = bucketOfHost(request.headers.host ?? '')
  if (hosted !== undefined) return { ...request, bucket: hosted, key: decode(path) }
  const slash = path.indexOf('/')
  if (slash < 0) return { ...request, bucket: decode(path), key: '' }
  return { ...request, bucket: decode(path.slice(0, slash)), key: decode(path.slice(slash + 1)) }
}

function bucketOfHost(hostAndPort: string): string | undefined {
  const host = hostAndPort.toLowerCase().replace(/:\d+$/, '')
  if (/^s3[.-]/.test(host)) return undefined
  return VIRTUAL_HOSTS.map(pattern => pattern.exec(host)?.[1]).find(bucket => bucket !== undefined)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw s3Error('InvalidURI', "Couldn't parse the specified URI.", 400, { URI: text })
  }
}
