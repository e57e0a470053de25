import { type HttpAnswer, RawResponse, type ServiceError } from '../../contract.ts'
import { decompressBody, type HttpRequest } from '../http-request.ts'
import { parseJsonBody } from '../json-body.ts'
import type { Matched } from '../routing.ts'
import { wireJson } from '../wire.ts'

/** The operation's input: JSON body, then query, then headers, then path labels. */
export function readRestInput({ route, labels }: Matched, request: HttpRequest): Record<string, unknown> {
  const bytes = decompressBody(request)
  const body = route?.rawBody ? { [route.rawBody]: bytes } : parseJsonBody(bytes)
  return {
    ...body,
    ...queryOf(request.query),
    ...headersOf(route?.headers ?? {}, request.headers),
    ...labels,
  }
}

/** REST-JSON 1. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function writeRestOutput(matched: Matched, output: unknown, requestId: string): HttpAnswer {
  const headers = { 'x-amzn-requestid': requestId }
  if (output instanceof RawResponse) return { ...output, headers: { ...headers, ...output.headers } }
  const status = matched.route?.status ?? 200
  // An answer without members has no body (204, 202).
  if (output === undefined) return { status, headers, body: '' }
  return { status, headers: { ...headers, 'content-type': 'application/json' }, body: wireJson(output) }
}

export function writeRestFailure(failure: ServiceError, requestId: string): HttpAnswer {
  const { code, message, details, status } = failure
  return {
    status,
    headers: {
      'x-amzn-requestid': requestId,
      'content-type': 'application/json',
      'x-amzn-errortype': code,
      ...failure.headers,
    },
    body: wireJson({ message, ...details }),
  }
}

function queryOf(query: URLSearchParams): Record<string, unknown> {
  const names = [...new Set(query.keys())].filter(name => !name.startsWith('X-Amz-'))
  return Object.fromEntries(
    names.map(name => {
      const values = query.getAll(name)
      return [name, values.length > 1 ? values : values[0]]
    }),
  )
}

function headersOf(
  names: Readonly<Record<string, string>>,
  headers: HttpRequest['headers'],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([header, member]) =>
      headers[header] === undefined ? [] : [[member, headers[header]]],
    ),
  )
}
