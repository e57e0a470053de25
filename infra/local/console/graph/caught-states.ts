import type { ConsoleVisit } from '../sources.ts'
import type { StateGraph } from './graph.ts'

/** States that were left by a catch when they were last visited. */
export function caughtStates(graph: StateGraph, visited: readonly ConsoleVisit[]): string[] {
  const catches = graph.transitions.filter(one => one.kind === 'catch')
  const last = new Map(visited.map((visit, index) => [visit.state, { visit, next: visited[index + 1] }]))
  return [...last.values()]
    .filter(
      ({ visit, next }) =>
        visit.failures > 0 && catches.some(one => one.from === visit.state && one.to === next?.state),
    )
    .map(({ visit }) => visit.state)
}
