import {
  type FrontReply,
  type Header,
  hasHeader,
  headerValue,
  isHeaderName,
  isStatus,
} from '../../../http-front/message.ts'
import { isBinary } from './binary.ts'
import { type Exchange, Refusal } from './exchange.ts'

const KNOWN = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']
/** Headers a function cannot set; API Gateway renames them (…/api-gateway-known-issues.html, REST APIs). */
const REMAPPED = new Set(
  'authorization connection content-md5 date expect host max-forwards proxy-authenticate server te trailer upgrade user-agent via warn www-authenticate'.split(
    ' ',
  ),
)

type Answer = {
  readonly statusCode?: number | string
  readonly headers?: Record<string, unknown> | null
  readonly multiValueHeaders?: Record<string, unknown> | null
  readonly body?: string | null
  readonly isBase64Encoded?: boolean
}

/** Turns what the function returned into the reply. A malformed answer is a 502 of the type DEFAULT_5XX. */
export function proxyReply(exchange: Exchange, payload: string): FrontReply {
  const answer = readAnswer(payload)
  const headers = mergedHeaders(answer).map(([name, value]): Header => {
    return [REMAPPED.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name, value]
  })
  return {
    status: Number(answer.statusCode ?? 200),
    headers: hasHeader(headers, 'content-type')
      ? headers
      : [...headers, ['Content-Type', 'application/json']],
    body: readBody(exchange, answer),
  }
}

/** Of a pair of name and value that stands in both maps, the one of `multiValueHeaders` is kept. */
function mergedHeaders(answer: Answer): Header[] {
  const multi = multiHeaders(answer.multiValueHeaders)
  const single = singleHeaders(answer.headers).filter(
    ([name, value]) =>
      !multi.some(([other, text]) => other.toLowerCase() === name.toLowerCase() && text === value),
  )
  return [...single, ...multi]
}

const malformed = () => new Refusal('DEFAULT_5XX', { status: 502 })

function readAnswer(payload: string): Answer {
  const answer = parse(payload)
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw malformed()
  if (Object.keys(answer).some(name => !KNOWN.includes(name))) throw malformed()
  const { statusCode, body, isBase64Encoded } = answer as Record<string, unknown>
  if (!isStatus(statusCode ?? 200)) throw malformed()
  if (body !== undefined && body !== null && typeof body !== 'string') throw malformed()
  if (isBase64Encoded !== undefined && typeof isBase64Encoded !== 'boolean') throw malformed()
  return answer as Answer
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    throw malformed()
  }
}

function singleHeaders(given: unknown): [string, string][] {
  return Object.entries(asMap(given)).map(([name, value]) => [headerName(name), headerText(value)])
}

function multiHeaders(given: unknown): [string, string][] {
  return Object.entries(asMap(given)).flatMap(([name, values]) => {
    if (!Array.isArray(values)) throw malformed()
    return values.map(value => [headerName(name), headerText(value)] as [string, string])
  })
}

function asMap(given: unknown): object {
  if (given === undefined || given === null) return {}
  if (typeof given !== 'object' || Array.isArray(given)) throw malformed()
  return given
}

function headerName(name: string): string {
  if (!isHeaderName(name)) throw malformed()
  return name
}

function headerText(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') throw malformed()
  const text = String(value)
  if (/[\r\n\0]/.test(text)) throw malformed()
  return text
}

/** Base64 is decoded only for a caller whose first accepted type is a binary one. */
function readBody(exchange: Exchange, answer: Answer): string | Buffer {
  const body = answer.body ?? ''
  const accepted = headerValue(exchange.request, 'accept')?.split(',')[0]
  const decode = answer.isBase64Encoded === true && isBinary(exchange.api.binaryMediaTypes, accepted)
  if (!decode) return body
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(body)) throw new Refusal('API_CONFIGURATION_ERROR')
  return Buffer.from(body, 'base64')
}
