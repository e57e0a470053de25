import { ServiceError } from '../contract.ts'
import type { HttpRequest } from './http-request.ts'

/** Bodies that S3 clients send in pieces, each with its size and perhaps a signature of its own. */
export function isAwsChunked({ headers }: HttpRequest): boolean {
  return (
    (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-') ||
    /(^|,)\s*aws-chunked\s*(,|$)/i.test(headers['content-encoding'] ?? '')
  )
}

/**
 * The request with the pieces put together and the trailer among the headers. Signatures of single pieces are not checked.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function readAwsChunked(request: HttpRequest): HttpRequest {
  const pieces: Buffer[] = []
  let at = 0
  for (;;) {
    const line = readLine(request.body, at)
    const size = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(line.text)?.[1]
    if (size === undefined) throw incomplete()
    const length = Number.parseInt(size, 16)
    at = line.end
    if (length === 0) break
    pieces.push(request.body.subarray(at, at + length))
    at += length + 2
  }
  const body = Buffer.concat(pieces)
  const declared = request.headers['x-amz-decoded-content-length']
  if (declared !== undefined && Number(declared) !== body.length) throw incomplete()
  const encoding = (request.headers['content-encoding'] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '' && name.toLowerCase() !== 'aws-chunked')
  const { 'content-encoding': _encoding, ...others } = request.headers
  const headers = {
    ...others,
    ...(encoding.length > 0 && { 'content-encoding': encoding.join(', ') }),
    ...readTrailer(request.body.subarray(at)),
  }
  return { ...request, headers, body }
}

function readTrailer(rest: Buffer): Record<string, string> {
  const lines = rest.toString('latin1').split('\r\n')
  const fields = lines.map(line => /^(x-amz-[a-z0-9-]+):\s*(.*)$/i.exec(line))
  return Object.fromEntries(
    fields.flatMap(field => (field ? [[field[1]?.toLowerCase() ?? '', field[2] ?? '']] : [])),
  )
}

function readLine(body: Buffer, start: number): { text: string; end: number } {
  const end = body.indexOf('\r\n', start)
  if (end < 0) throw incomplete()
  return { text: body.toString('latin1', start, end), end: end + 2 }
}

function incomplete(): ServiceError {
  const message = 'The request body terminated unexpectedly'
  return new ServiceError('IncompleteBody', message, 400)
}
