type Part = { readonly kind: 'literal' | 'variable' | 'greedy'; readonly name: string }

export type PathTemplate = {
  readonly parts: readonly Part[]
  /**
   * One digit per segment: 0 literal, 1 variable, 2 greedy. Among templates that match a path the smallest text is the
   * most specific.
   */
  readonly rank: string
}

/** `/a/{name}/b` and, as the last segment, `{name+}`. */
export function compilePath(path: string): PathTemplate {
  const parts = segmentsOf(path).map((segment): Part => {
    const [, name = segment, plus] = /^\{(.+?)(\+?)\}$/.exec(segment) ?? []
    if (plus === undefined) return { kind: 'literal', name }
    return { kind: plus === '+' ? 'greedy' : 'variable', name }
  })
  return { parts, rank: parts.map(part => RANKS[part.kind]).join('') }
}

const RANKS = { literal: '0', variable: '1', greedy: '2' } as const

export const segmentsOf = (path: string): string[] => path.split('/').slice(1)

/** The values of the template's variables as they stand in the path; undefined when it does not match. */
export function matchPath(
  { parts }: PathTemplate,
  segments: readonly string[],
): Record<string, string> | undefined {
  const values: [string, string][] = []
  for (const [index, part] of parts.entries()) {
    const segment = segments[index]
    if (segment === undefined) return undefined
    if (part.kind === 'literal') {
      if (part.name !== segment) return undefined
      continue
    }
    const value = part.kind === 'greedy' ? segments.slice(index).join('/') : segment
    if (value === '') return undefined
    values.push([part.name, value])
    if (part.kind === 'greedy') return Object.fromEntries(values)
  }
  return parts.length === segments.length ? Object.fromEntries(values) : undefined
}
