import * as z from 'zod/mini'
import { PROBLEMS, type ProblemCode } from '#api/contract'
import { PROBLEM_TYPE } from '#kernel/problem'
import type { Route } from './define-route.ts'

/**
 * The OpenAPI 3.1 document of a list of routes. Runs at build time (`write-openapi.ts`): the metered path carries the
 * finished document and no generator.
 */
export function openApiOf(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {
    '/health': { get: keyless('Whether the API answers', { status: 'ok' }) },
    '/openapi.json': { get: keyless('This document', {}) },
  }
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tollgate API',
      version: '1',
      description: `Every answer carries \`Tollgate-Units\`, the units that the call cost. A call with status 400 and above costs nothing.`,
    },
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `tg_…`' } },
      schemas: { Problem: PROBLEM_SCHEMA },
    },
  }
}

/** What every metered route can answer, the gateway's answers included. */
const ROUTE_PROBLEMS: readonly ProblemCode[] = [
  'malformed_json',
  'invalid_api_key',
  'payment_required',
  'spend_cap_reached',
  'payload_too_large',
  'unsupported_media_type',
  'invalid_request',
  'rate_limited',
  'quota_exceeded',
  'internal_error',
  'service_unavailable',
]

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'RFC 9457. `code` is stable.',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(PROBLEMS) },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { pointer: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
}

function operationOf(route: Route): object {
  const isBody = route.method !== 'GET' && route.method !== 'DELETE'
  const input = schemaOf(route.documentedInput ?? route.input, 'input')
  const parameters = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  return {
    summary: route.summary,
    description: `${route.description} Price: ${route.price}.`,
    ...(parameters.length > 0 && { parameters }),
    ...(isBody && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: input, example: route.example.input } },
      },
    }),
    responses: {
      200: {
        description: 'Done',
        headers: { 'Tollgate-Units': { description: 'Units charged', schema: { type: 'integer' } } },
        content: {
          'application/json': { schema: schemaOf(route.output, 'output'), example: route.example.output },
        },
      },
      ...problemResponses(),
    },
  }
}

/** Two codes can share a status; the document then names both. */
function problemResponses(): Readonly<Record<string, object>> {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of ROUTE_PROBLEMS) {
    const { status } = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, problemResponse(...codes)]))
}

const problemResponse = (...codes: readonly ProblemCode[]): object => ({
  description: codes
    .map(code => `\`${code}\`: ${PROBLEMS[code].title}. ${PROBLEMS[code].remedy}`)
    .join('\n\n'),
  content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
})

const keyless = (summary: string, example: object): object => ({
  summary,
  security: [],
  responses: { 200: { description: 'Done', content: { 'application/json': { example } } } },
})

function schemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io })
  return rest
}
