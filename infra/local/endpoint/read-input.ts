import { ServiceError } from '../contract.ts'
import type { Matched } from './routing.ts'

export type WireRequest = {
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** The operation's input: JSON body, then query, then headers, then path labels. */
export function readInput(matched: Matched, request: WireRequest): Record<string, unknown> {
  const { route, labels } = matched
  if (!route) return parseBody(request.body)
  const body = route.rawBody ? { [route.rawBody]: request.body } : parseBody(request.body)
  return { ...body, ...queryOf(request.query), ...headersOf(route.headers ?? {}, request.headers), ...labels }
}

function parseBody(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {}
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString('utf8'))
  } catch {
    throw new ServiceError('SerializationException', 'Could not parse the request body as JSON', 400)
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed }
  throw new ServiceError('SerializationException', 'Start of structure expected', 400)
}

function queryOf(query: URLSearchParams): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  for (const name of new Set(query.keys())) {
    if (name.startsWith('X-Amz-')) continue
    const values = query.getAll(name)
    members[name] = values.length > 1 ? values : values[0]
  }
  return members
}

function headersOf(
  names: Readonly<Record<string, string>>,
  headers: WireRequest['headers'],
): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  for (const [header, member] of Object.entries(names)) {
    if (headers[header] !== undefined) members[member] = headers[header]
  }
  return members
}
