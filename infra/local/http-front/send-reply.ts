import type { ServerResponse } from 'node:http'
import type { FrontReply } from './message.ts'

/** Headers that belong to one connection, and those the front sets itself. */
const OWN = new Set(
  'connection content-length date keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
)

/** Sends a reply (to HEAD without its body, as Node.js does by itself). Resolves when it is handed over, or when the caller has gone away. */
export function sendReply(response: ServerResponse, reply: FrontReply, now: number): Promise<void> {
  const headers = ['Date', httpDate(now)]
  for (const [name, value] of reply.headers) {
    if (!OWN.has(name.toLowerCase())) headers.push(name, sendable(value))
  }
  // Node.js joins the headers to a body of text and encodes both as UTF-8; a header's bytes must stay as they are.
  const body = headers.every(isAscii) ? reply.body : Buffer.from(reply.body)
  const bodyless = reply.status === 204 || reply.status === 304
  if (!bodyless) headers.push('Content-Length', String(Buffer.byteLength(body)))
  return new Promise(resolve => {
    response.once('close', resolve)
    response.sendDate = false
    response.writeHead(reply.status, headers)
    response.end(bodyless ? undefined : body, () => resolve())
  })
}

const isAscii = (value: string): boolean => /^[\t\x20-\x7e]*$/.test(value)

/** A header carries bytes: text beyond Latin-1 travels as UTF-8, control characters not at all. */
function sendable(value: string): string {
  if (isAscii(value)) return value
  const bytes = Buffer.from(value, 'utf8').toString('latin1')
  return bytes.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')
}

let lastSecond = Number.NaN
let lastDate = ''

/** The date of a second is formatted once. */
function httpDate(now: number): string {
  const second = Math.floor(now / 1000)
  if (second !== lastSecond) {
    lastSecond = second
    lastDate = new Date(now).toUTCString()
  }
  return lastDate
}
