import type { AuditRecord } from '#kernel/audit'

/** `spend_cap.changed` → `Spend cap changed`. */
export function describeAction(action: string): string {
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

export type ChangedField = { readonly name: string; readonly before: string; readonly after: string }

/** The fields that differ between before and after, as text; `–` for one that is absent. */
export function changedFields({ before, after }: Pick<AuditRecord, 'before' | 'after'>): ChangedField[] {
  const [was, is] = [flatten(before), flatten(after)]
  const names = [...new Set([...was.keys(), ...is.keys()])]
  return names
    .map(name => ({ name, before: was.get(name) ?? '–', after: is.get(name) ?? '–' }))
    .filter(field => field.before !== field.after)
}

/** Leaves by their path. A value that is no object is the one leaf `value`. */
function flatten(value: unknown, path = ''): Map<string, string> {
  if (value === undefined) return new Map()
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Map([[path || 'value', typeof value === 'string' ? value : JSON.stringify(value)]])
  const entries = Object.entries(value).flatMap(([name, one]) => [
    ...flatten(one, path ? `${path}.${name}` : name),
  ])
  return new Map(entries)
}
