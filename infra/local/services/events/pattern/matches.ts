import { matchesLeaf } from './matches-leaf.ts'

/** A validated event pattern: objects nest, arrays hold alternatives. */
export type EventPattern = { readonly [field: string]: EventPattern | readonly unknown[] }

/**
 * Whether an event matches, by EventBridge's rules: every field of the pattern must match; alternatives of a leaf are
 * or-ed; an array in the event matches when one of its elements does.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function matches(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or' && Array.isArray(expected)) return expected.some(branch => matches(branch, event))
    const actual = fieldOf(event, field)
    return isLeaf(expected) ? matchesLeaf(expected, actual) : matchesNested(expected, actual)
  })
}

function matchesNested(pattern: EventPattern, actual: unknown): boolean {
  if (Array.isArray(actual)) return actual.some(element => matches(pattern, element))
  return matches(pattern, actual)
}

const isLeaf = (expected: EventPattern | readonly unknown[]): expected is readonly unknown[] =>
  Array.isArray(expected)

function fieldOf(event: unknown, field: string): unknown {
  if (event === null || typeof event !== 'object' || !Object.hasOwn(event, field)) return undefined
  return (event as Record<string, unknown>)[field]
}
