import { invalidRequest } from '../engine/fault.ts'
import type { Raw } from '../engine/params.ts'

/** No endpoint has parameters as deep as this. */
const MAX_DEPTH = 20

type Node = Map<string, Node | string>

/**
 * `a[b]=1&items[0][price]=p&expand[]=x` as nested values: numeric and empty keys make arrays
 * (https://docs.stripe.com/api#parameter_types).
 */
export function parseForm(text: string): { [key: string]: Raw } {
  const root: Node = new Map()
  for (const [name, value] of new URLSearchParams(text)) insert(root, steps(name), value, name)
  return toObject(root)
}

function steps(name: string): string[] {
  const open = name.indexOf('[')
  if (open === -1) return [name]
  const inner = [...name.slice(open).matchAll(/\[([^[\]]*)\]/g)].map(match => match[1] ?? '')
  if (inner.length >= MAX_DEPTH) {
    throw invalidRequest('Invalid request: parameters are nested too deeply.', {
      param: name.slice(0, open),
      beforeExecution: true,
    })
  }
  return [name.slice(0, open), ...inner]
}

function insert(node: Node, path: readonly string[], value: string, name: string): void {
  const [step = '', ...rest] = path
  const key = step === '' ? String(node.size) : step
  const existing = node.get(key)
  if (rest.length === 0) {
    if (existing instanceof Map) throw conflicting(name)
    node.set(key, value)
    return
  }
  if (typeof existing === 'string') throw conflicting(name)
  const child: Node = existing ?? new Map()
  node.set(key, child)
  insert(child, rest, value, name)
}

function conflicting(name: string) {
  return invalidRequest(`Invalid request: ${name} is used both as a value and as a group.`, {
    param: name,
    beforeExecution: true,
  })
}

function toRaw(value: Node | string): Raw {
  if (typeof value === 'string') return value
  const keys = [...value.keys()]
  const isArray = keys.length > 0 && keys.every(key => /^\d+$/.test(key))
  if (!isArray) return toObject(value)
  return keys.sort((left, right) => Number(left) - Number(right)).map(key => toRaw(value.get(key) ?? ''))
}

function toObject(node: Node): { [key: string]: Raw } {
  return Object.fromEntries([...node].map(([key, value]) => [key, toRaw(value)]))
}
