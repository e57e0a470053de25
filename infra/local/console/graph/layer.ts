import type { StateGraph } from './graph.ts'

/** One line of the picture: all transitions between two states in one direction. */
export type Edge = {
  readonly from: string
  readonly to: string
  readonly kind: 'forward' | 'back' | 'catch'
  readonly labels: readonly string[]
}

export type Layered = {
  readonly edges: readonly Edge[]
  /** Names by layer, from the top; within a layer in the order in which they were reached. */
  readonly layers: readonly (readonly string[])[]
}

/**
 * Finds the loops and gives every state the layer of the longest path to it, so that all lines but those of loops go
 * down. States that catch errors come below all that they catch, and last in their layer.
 */
export function layerGraph(graph: StateGraph): Layered {
  const reached = new Map<string, 'open' | 'done'>()
  const loops = new Set<string>()
  const order: string[] = []
  const targets = new Map<string, string[]>(graph.states.map(state => [state.name, []]))
  const calm = [...graph.transitions].sort((a, b) => Number(a.kind === 'catch') - Number(b.kind === 'catch'))
  for (const { from, to } of calm) targets.get(from)?.push(to)

  function visit(name: string): void {
    reached.set(name, 'open')
    for (const to of targets.get(name) ?? []) {
      const state = reached.get(to)
      if (state === 'open') loops.add(keyOf(name, to))
      if (state === undefined) visit(to)
    }
    reached.set(name, 'done')
    order.unshift(name)
  }
  const starts = [graph.startAt, ...graph.states.map(state => state.name)]
  for (const name of starts) if (targets.has(name) && !reached.has(name)) visit(name)

  const edges = mergeEdges(graph, loops)
  const layerOf = longestPaths(order, edges)
  const caught = new Set(edges.filter(edge => edge.kind === 'catch').map(edge => edge.to))
  const loopy = new Set(edges.filter(edge => edge.kind === 'back').map(edge => edge.from))
  const goesOn = new Set(edges.filter(edge => edge.kind === 'forward').map(edge => edge.from))
  // What loops back goes left, where the loops run; what ends or catches goes right.
  const rank = (name: string) => (caught.has(name) ? 3 : loopy.has(name) ? 0 : goesOn.has(name) ? 1 : 2)
  const layers: string[][] = []
  for (const name of order) {
    const layer = layerOf.get(name) ?? 0
    const names = layers[layer] ?? []
    names.push(name)
    layers[layer] = names
  }
  return { edges, layers: layers.map(names => names.sort((a, b) => rank(a) - rank(b))) }
}

const keyOf = (from: string, to: string): string => `${from}\n${to}`

function mergeEdges(graph: StateGraph, loops: ReadonlySet<string>): Edge[] {
  const merged = new Map<string, Edge & { readonly labels: string[] }>()
  for (const { from, to, kind, label } of graph.transitions) {
    const pair = keyOf(from, to)
    const line = loops.has(pair) ? 'back' : kind === 'catch' ? 'catch' : 'forward'
    const key = `${line}\n${pair}`
    const edge = merged.get(key) ?? { from, to, kind: line, labels: [] }
    if (label !== undefined && label !== '') edge.labels.push(label)
    merged.set(key, edge)
  }
  return [...merged.values()]
}

/** `order` is topological but for the loops. */
function longestPaths(order: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const layerOf = new Map<string, number>(order.map(name => [name, 0]))
  for (const name of order) {
    for (const edge of edges) {
      if (edge.from !== name || edge.kind === 'back') continue
      layerOf.set(edge.to, Math.max(layerOf.get(edge.to) ?? 0, (layerOf.get(name) ?? 0) + 1))
    }
  }
  return layerOf
}
