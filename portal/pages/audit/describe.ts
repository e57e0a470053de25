import type { AuditRecord } from '#kernel/audit'
import { instant } from '#kernel/time'
import { formatCount } from '../../format/numbers.ts'
import { formatInstant } from '../../format/time.ts'

/** Actions whose own words say too little. */
const ACTIONS: Readonly<Record<string, string>> = {
  'entitlement.changed': 'Limits changed',
  'counter.repaired': 'Usage counter corrected',
  'close.retried': 'Held close: reported again',
  'close.credited': 'Held close: difference credited',
  'close.accepted': 'Held close: Stripe’s invoice accepted',
  'close.waived': 'Held close: units waived',
  'dead_letters.redriven': 'Dead letters read again',
}

/** `spend_cap.changed` → `Spend cap changed`. */
export function describeAction(action: string): string {
  const known = ACTIONS[action]
  if (known) return known
  const words = action.replaceAll(/[._]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Who: the people themselves are not named, only what they are and their id. */
export function describeActor({ actor }: Pick<AuditRecord, 'actor'>): { who: string; id: string | null } {
  if (actor.kind === 'service') return { who: SERVICES[actor.service], id: null }
  return { who: actor.kind === 'admin' ? 'Administrator' : 'Customer', id: actor.userId }
}

const SERVICES = {
  api: 'Tollgate (access)',
  billing: 'Tollgate (billing)',
  portal: 'Tollgate (portal)',
  operator: 'Operator (command line)',
} as const

export type ChangedField = {
  readonly name: string
  /** Undefined: there was none. */
  readonly before: string | undefined
  /** Undefined: there is none any more. */
  readonly after: string | undefined
}

/** Members that a reader of the trail already has in front of them, or that say nothing to a person. */
const IMPLIED: ReadonlySet<string> = new Set([
  ...['accountId', 'version', 'createdAt', 'createdBy', 'planId', 'status', 'idempotencyKey'],
  ...['hardLimit.segment.kind', 'hardLimit.segment.period.start'],
])

/** What differs between before and after, in words. */
export function changedFields({ before, after }: Pick<AuditRecord, 'before' | 'after'>): ChangedField[] {
  const [was, is] = [flatten(before), flatten(after)]
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter(path => !IMPLIED.has(path))
    .map(path => ({ name: wordsOf(path), before: was.get(path), after: is.get(path) }))
    .filter(field => field.before !== field.after)
}

/** Leaves by their path; what is null or empty is absent. A value that is no object is the one leaf `value`. */
function flatten(value: unknown, path = ''): Map<string, string> {
  if (value === undefined || value === null) return new Map()
  if (Array.isArray(value))
    return value.length === 0 ? new Map() : new Map([[path || 'value', value.map(asText).join(', ')]])
  if (typeof value !== 'object') return new Map([[path || 'value', asText(value)]])
  const entries = Object.entries(value).flatMap(([name, one]) => [
    ...flatten(one, path ? `${path}.${name}` : name),
  ])
  return new Map(entries)
}

/** Any instant since 2001 is greater than any count or amount that is kept as a number. */
const FIRST_INSTANT = 1_000_000_000_000

function asText(value: unknown): string {
  if (typeof value === 'string') return /^[a-z]+(_[a-z]+)+$/.test(value) ? value.replaceAll('_', ' ') : value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'number') return JSON.stringify(value)
  return value >= FIRST_INSTANT ? formatInstant(instant(value)) : formatCount(value)
}

/** Members whose path is longer than what they are. */
const NAMES: Readonly<Record<string, string>> = {
  planVersionId: 'plan',
  masked: 'key',
  'limits.ratePerSecond': 'requests a second',
  'limits.burst': 'burst',
  'hardLimit.units': 'calls stop at (units)',
  'hardLimit.reason': 'because of',
  'hardLimit.segment.period.end': 'until',
}

/** `hardLimit.ratePerSecond` → `hard limit rate per second`. */
const wordsOf = (path: string): string =>
  NAMES[path] ??
  path
    .replaceAll('.', ' ')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
