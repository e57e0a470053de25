import type { IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { ServiceError } from '../contract.ts'
import { isAwsChunked, readAwsChunked } from './aws-chunked.ts'

/** More than any AWS payload of ours (Lambda's 6 MB, base64 encoded), so that limits are the services' own. */
const MAX_BODY_BYTES = 16 * 1024 * 1024

export type HttpRequest = {
  readonly method: string
  /** As sent: percent-encoded, neither normalized nor decoded. */
  readonly path: string
  readonly query: URLSearchParams
  /** Lower case; repeated ones joined as HTTP joins them. */
  readonly headers: Readonly<Record<string, string>>
  /** As sent, which is what a signature covers. */
  readonly body: Buffer
}

export async function readRequest(request: IncomingMessage): Promise<HttpRequest> {
  const target = (request.url ?? '/').replace(/^[a-z]+:\/\/[^/?]*/i, '')
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return {
    method: request.method ?? 'GET',
    path: path === '' ? '/' : path,
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers,
    body: await readBody(request),
  }
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
      else reject(tooLarge())
    })
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => reject(new Error('The client went away before its request was complete')))
  })
}

/** The body without the encodings of its transport. */
export function decodeBody(request: HttpRequest): HttpRequest {
  return isAwsChunked(request) ? readAwsChunked(request) : request
}

/** The body without compression; only S3 keeps `Content-Encoding` as something that belongs to the object. */
export function decompressBody(request: HttpRequest): Buffer {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (request.body.length === 0 || encoding === 'identity' || encoding === 'aws-chunked') return request.body
  if (encoding !== 'gzip')
    throw new ServiceError(
      'UnsupportedMediaTypeException',
      `Content-Encoding ${encoding} is not supported`,
      415,
    )
  try {
    return gunzipSync(request.body, { maxOutputLength: MAX_BODY_BYTES })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge()
    throw new ServiceError('SerializationException', 'The request body is not the gzip it says it is', 400)
  }
}

function tooLarge(): ServiceError {
  const message = `Request must be smaller than ${MAX_BODY_BYTES} bytes`
  return new ServiceError('RequestEntityTooLargeException', message, 413)
}
