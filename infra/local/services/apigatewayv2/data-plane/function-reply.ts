import { type HttpReply, messageReply } from './exchange.ts'

const JSON_TYPE: readonly [string, string] = ['Content-Type', 'application/json']
const TEXT_TYPE: readonly [string, string] = ['Content-Type', 'text/plain;charset=UTF-8']
const DROPPED = new Set(['content-length', 'transfer-encoding', 'connection', 'date'])

/**
 * What the function returned as a reply. With a `statusCode` it describes the response, else it is the response:
 * 200 with the JSON as its body. A malformed description is a 500.
 */
export function functionReply(payload: string): HttpReply {
  const answer = parse(payload)
  if (answer === undefined) return internalError()
  if (typeof answer === 'object' && answer !== null && 'statusCode' in answer) {
    return structured(answer as Record<string, unknown>)
  }
  const body = typeof answer === 'string' ? answer : payload
  return { status: 200, headers: [JSON_TYPE], body: Buffer.from(body) }
}

export const internalError = () => messageReply(500, 'Internal Server Error')

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    return undefined
  }
}

function structured(answer: Record<string, unknown>): HttpReply {
  const status = Number(answer.statusCode)
  const { body = '', headers = {}, cookies = [], isBase64Encoded = false } = answer
  if (!Number.isInteger(status) || status < 100 || status > 599) return internalError()
  if (typeof headers !== 'object' || headers === null || !Array.isArray(cookies)) return internalError()
  const pairs = [
    ...Object.entries(headers).map(([name, value]) => [name, String(value)] as const),
    ...cookies.map(cookie => ['Set-Cookie', String(cookie)] as const),
  ]
  const valid = pairs.every(([name, value]) => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !/[\r\n\0]/.test(value))
  if (!valid) return internalError()
  const kept = pairs.filter(([name]) => !DROPPED.has(name.toLowerCase()))
  const hasType = kept.some(([name]) => name.toLowerCase() === 'content-type')
  const text = body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  return {
    status,
    headers: hasType ? kept : [...kept, TEXT_TYPE],
    body: Buffer.from(text, isBase64Encoded === true ? 'base64' : 'utf8'),
  }
}
