import type { IncomingMessage } from 'node:http'
import type { FrontRequest, Header } from './message.ts'

/** Reads a whole request. Undefined when the caller went away before its end. */
export async function readRequest(
  incoming: IncomingMessage,
  maxBodyBytes: number,
): Promise<FrontRequest | undefined> {
  const body = await readBody(incoming, maxBodyBytes)
  if (body === 'aborted') return undefined
  const url = incoming.url ?? '/'
  const mark = url.indexOf('?')
  const { headers, byName } = readHeaders(incoming.rawHeaders)
  return {
    method: incoming.method ?? 'GET',
    path: pathOf(mark < 0 ? url : url.slice(0, mark)),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    byName,
    body: body === 'too large' ? undefined : body,
    sourceIp: (incoming.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    protocol: `HTTP/${incoming.httpVersion}`,
  }
}

/** `GET http://host/path` and `OPTIONS *` are legal request lines too. */
function pathOf(target: string): string {
  if (target.startsWith('/')) return target
  const path = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
  return path.startsWith('/') ? path : `/${path}`
}

function readHeaders(raw: readonly string[]): { headers: Header[]; byName: Map<string, string> } {
  const headers: Header[] = []
  const byName = new Map<string, string>()
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const value = raw[index + 1] ?? ''
    headers.push([name, value])
    byName.set(name.toLowerCase(), value)
  }
  return { headers, byName }
}

const EMPTY = Buffer.alloc(0)

/** What is beyond the limit is read and thrown away, so that the connection can go on. */
function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer | 'too large' | 'aborted'> {
  const { headers } = incoming
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    return Promise.resolve(EMPTY)
  }
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      else chunks.length = 0
    })
    incoming.once('end', () => resolve(size > maxBytes ? 'too large' : joined(chunks)))
    incoming.once('error', () => resolve('aborted'))
    incoming.once('close', () => resolve('aborted'))
  })
}

const joined = ([first, ...more]: readonly Buffer[]): Buffer =>
  first === undefined ? EMPTY : more.length === 0 ? first : Buffer.concat([first, ...more])
