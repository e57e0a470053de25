import { invalidRequest } from '../engine/fault.ts'
import type { Raw } from '../engine/params.ts'

/** No endpoint has parameters as deep as this. */
const MAX_DEPTH = 20

/**
 * The JSON body of the v2 namespace in the form that parameters are read from: numbers and booleans as their text, `null`
 * as the empty text. Throws when it is no JSON object.
 */
export function parseJsonBody(body: string): Record<string, Raw> {
  if (body.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw invalidJson()
  }
  const raw = toRaw(value)
  if (typeof raw === 'string' || Array.isArray(raw)) throw invalidJson()
  return raw
}

function toRaw(value: unknown, depth = 0): Raw {
  if (depth > MAX_DEPTH) throw invalidJson()
  if (Array.isArray(value)) return value.map(inner => toRaw(inner, depth + 1))
  if (typeof value !== 'object') return String(value)
  if (value === null) return ''
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toRaw(inner, depth + 1)]))
}

function invalidJson() {
  return invalidRequest('Invalid JSON in the request body: an object is expected.', {
    code: 'invalid_fields',
    beforeExecution: true,
  })
}
