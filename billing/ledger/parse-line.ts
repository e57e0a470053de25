import * as z from 'zod/mini'
import { type AccessRecord, accessLineSchema, type UsageEvent, usageLineSchema } from '#api/contract'
import { describeIssues } from '#kernel/rpc'

export type ParsedLine =
  | { readonly kind: 'usage'; readonly event: UsageEvent }
  | { readonly kind: 'access'; readonly record: AccessRecord }
  | { readonly kind: 'poison'; readonly reason: string }

/**
 * Reads one log line of the metered routes (usage) or of the API stage (access); only the usage line prices the call,
 * so `units` tells them apart. Never throws: whatever is neither is poison, with a reason that quotes nothing.
 */
export function parseLine(line: string): ParsedLine {
  const value = parseJson(line)
  if (value === null || typeof value !== 'object') return { kind: 'poison', reason: 'not a JSON object' }
  if ('units' in value) {
    const usage = z.safeParse(usageLineSchema, value)
    return usage.success ? { kind: 'usage', event: usage.data } : poison('usage', usage.error)
  }
  const access = z.safeParse(accessLineSchema, value)
  return access.success ? { kind: 'access', record: access.data } : poison('access', access.error)
}

const poison = (kind: string, error: z.core.$ZodError): ParsedLine => ({
  kind: 'poison',
  reason: `not a valid ${kind} line: ${describeIssues(error)}`,
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
