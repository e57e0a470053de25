import type { Context } from 'hono'
import * as z from 'zod/mini'
import en from 'zod/v4/locales/en.js'
import type { ProblemCode } from '#api/contract'
import type { Route } from './define-route.ts'
import { type PointedError, pointersOf } from './pointers.ts'

z.config(en())

/** Bodies above are refused: a full batch is below a tenth of it. */
export const BODY_BYTES_MAX = 100 * 1024

export type ReadInput =
  | { readonly input: unknown }
  | { readonly code: ProblemCode; readonly detail?: string; readonly errors?: readonly PointedError[] }

/** Reads and parses what a route takes. Cheap checks first; nothing here costs the caller anything. */
export async function readInput(c: Context, route: Route): Promise<ReadInput> {
  const hasBody = route.method !== 'GET' && route.method !== 'DELETE'
  const source = hasBody ? await readJson(c) : { input: c.req.query() }
  if ('code' in source) return source
  const parsed = z.safeParse(route.input, withParameters(source.input, c.req.param()))
  if (parsed.success) return { input: parsed.data }
  return { code: 'invalid_request', errors: pointersOf(parsed.error) }
}

const IS_JSON = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i

async function readJson(c: Context): Promise<ReadInput> {
  if (Number(c.req.header('content-length') ?? 0) > BODY_BYTES_MAX) return { code: 'payload_too_large' }
  const bytes = await c.req.arrayBuffer()
  if (bytes.byteLength > BODY_BYTES_MAX) return { code: 'payload_too_large' }
  if (!IS_JSON.test(c.req.header('content-type') ?? '')) return { code: 'unsupported_media_type' }
  try {
    return { input: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch {
    return { code: 'malformed_json' }
  }
}

const withParameters = (input: unknown, parameters: Readonly<Record<string, string>>): unknown =>
  Object.keys(parameters).length > 0 && typeof input === 'object' && input !== null
    ? { ...input, ...parameters }
    : input
