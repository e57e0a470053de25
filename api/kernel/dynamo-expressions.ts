import { toAttributes } from './dynamo-attributes.ts'
import type { Change, Condition, Path, Query } from './table.ts'

/**
 * Conditions, changes and queries as DynamoDB expressions. Every name and value becomes a placeholder, so reserved
 * words and dots in map keys need no care.
 */
export type Expressions = {
  name(path: Path): string
  value(value: unknown): string
  /** Members of a request; empty maps are left out because DynamoDB refuses them. */
  attributes(): Readonly<Record<string, unknown>>
}

export function createExpressions(): Expressions {
  const names = new Map<string, string>()
  const values: Record<string, unknown> = {}
  const placeholder = (name: string): string => {
    const known = names.get(name) ?? `#n${names.size}`
    names.set(name, known)
    return known
  }
  return {
    name: path => (typeof path === 'string' ? [path] : path).map(placeholder).join('.'),
    value(value) {
      const key = `:v${Object.keys(values).length}`
      values[key] = value
      return key
    },
    attributes: () => ({
      ...(names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries([...names].map(([name, key]) => [key, name])),
      }),
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: toAttributes(values) }),
    }),
  }
}

/** `undefined` when there is no condition. */
export const conditionExpression = (conditions: readonly Condition[], to: Expressions): string | undefined =>
  conditions.length === 0
    ? undefined
    : conditions.map(condition => conditionTerm(condition, to)).join(' AND ')

function conditionTerm(condition: Condition, to: Expressions): string {
  if ('absent' in condition) return `attribute_not_exists(${to.name(condition.absent)})`
  if ('present' in condition) return `attribute_exists(${to.name(condition.present)})`
  const name = to.name(condition.path)
  if ('equals' in condition) return `${name} = ${to.value(condition.equals)}`
  if ('lessThan' in condition) return `${name} < ${to.value(condition.lessThan)}`
  if ('atLeast' in condition) return `${name} >= ${to.value(condition.atLeast)}`
  return `(attribute_not_exists(${name}) OR ${name} <> ${to.value(condition.notEquals)})`
}

/** `SET … REMOVE …`; `undefined` when nothing changes. */
export function updateExpression(changes: readonly Change[], to: Expressions): string | undefined {
  const sets: string[] = []
  const removes: string[] = []
  for (const change of changes) {
    if ('remove' in change) removes.push(to.name(change.remove))
    else if ('set' in change) sets.push(`${to.name(change.set)} = ${to.value(change.to)}`)
    else if ('setIfAbsent' in change) {
      const name = to.name(change.setIfAbsent)
      sets.push(`${name} = if_not_exists(${name}, ${to.value(change.to)})`)
    } else {
      // Not the ADD clause: DynamoDB documents it for top-level attributes only.
      const name = to.name(change.add)
      sets.push(`${name} = if_not_exists(${name}, ${to.value(0)}) + ${to.value(change.by)}`)
    }
  }
  const clauses = [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : []),
  ]
  return clauses.length === 0 ? undefined : clauses.join(' ')
}

export function keyExpression(query: Query, to: Expressions): string {
  const [partition, sort] = query.index ? ['outbox', 'outboxAt'] : ['pk', 'sk']
  const range = sortTerm(query, sort, to)
  return `${to.name(partition)} = ${to.value(query.pk)}${range && ` AND ${range}`}`
}

function sortTerm({ prefix, from, to: upTo }: Query, sort: string, to: Expressions): string {
  if (prefix !== undefined) return `begins_with(${to.name(sort)}, ${to.value(prefix)})`
  if (from !== undefined && upTo !== undefined)
    return `${to.name(sort)} BETWEEN ${to.value(from)} AND ${to.value(upTo)}`
  if (from !== undefined) return `${to.name(sort)} >= ${to.value(from)}`
  if (upTo !== undefined) return `${to.name(sort)} <= ${to.value(upTo)}`
  return ''
}
