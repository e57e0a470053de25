import { type FrontReply, hasHeader, isHeaderName, isStatus } from '../../../http-front/message.ts'
import { messageReply } from './exchange.ts'

const JSON_TYPE: readonly [string, string] = ['Content-Type', 'application/json']
const TEXT_TYPE: readonly [string, string] = ['Content-Type', 'text/plain;charset=UTF-8']

/**
 * What the function returned as a reply. With a `statusCode` it describes the response, else it is the response:
 * 200 with the JSON as its body. A malformed description is a 500.
 */
export function functionReply(payload: string): FrontReply {
  const answer = parse(payload)
  if (answer === undefined) return internalError()
  if (typeof answer === 'object' && answer !== null && 'statusCode' in answer) {
    return structured(answer as Record<string, unknown>)
  }
  const body = typeof answer === 'string' ? answer : payload
  return { status: 200, headers: [JSON_TYPE], body }
}

export const internalError = () => messageReply(500, 'Internal Server Error')

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    return undefined
  }
}

function structured(answer: Record<string, unknown>): FrontReply {
  const { statusCode, body = '', headers = {}, cookies = [], isBase64Encoded = false } = answer
  if (!isStatus(statusCode)) return internalError()
  if (typeof headers !== 'object' || headers === null || !Array.isArray(cookies)) return internalError()
  const pairs = [
    ...Object.entries(headers).map(([name, value]) => [name, textOf(value)] as const),
    ...cookies.map(cookie => ['Set-Cookie', textOf(cookie)] as const),
  ]
  const valid = pairs.every(([name, value]) => isHeaderName(name) && !/[\r\n\0]/.test(value))
  if (!valid) return internalError()
  const text = body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  return {
    status: Number(statusCode),
    headers: hasHeader(pairs, 'content-type') ? pairs : [...pairs, TEXT_TYPE],
    body: isBase64Encoded === true ? Buffer.from(text, 'base64') : text,
  }
}

/** Values of any type are allowed; what is no text is shown as JSON. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
