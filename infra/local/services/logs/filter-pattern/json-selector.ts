import { UnsupportedError } from '../../../contract.ts'

export type Selector = readonly (string | number)[]

const SEGMENT = /^(?:\.([A-Za-z0-9_-]+)|\[(\d+)\]|\.?\['((?:[^'\\]|\\.)+)'\]|\.?\["((?:[^"\\]|\\.)+)"\])/

/** Parses `$.a.b[0].['dotted.name']`. `undefined` when it is no selector. */
export function parseSelector(text: string): Selector | undefined {
  if (!text.startsWith('$') || text.length === 1) return undefined
  const path: (string | number)[] = []
  let rest = text.slice(1)
  while (rest !== '') {
    if (rest.startsWith('[*]')) throw new UnsupportedError(`the filter-pattern selector ${text}`)
    const match = SEGMENT.exec(rest)
    if (!match) return undefined
    path.push(match[2] !== undefined ? Number(match[2]) : (match[1] ?? match[3] ?? match[4] ?? ''))
    rest = rest.slice(match[0].length)
  }
  return path
}

/** The selected value, or `undefined` when the document does not have it. */
export function select(document: unknown, path: Selector): unknown {
  let value = document
  for (const step of path) {
    if (value === null || typeof value !== 'object') return undefined
    value = Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined
  }
  return value
}
