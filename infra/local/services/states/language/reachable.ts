import { InvalidDefinition } from './invalid-definition.ts'
import { isObject, type JsonObject } from './json.ts'
import type { Place } from './read-fields.ts'
import { transitionsOf } from './transitions.ts'

/** Refuses a state to which no way leads. */
export function requireReachable(place: Place, startAt: string, states: JsonObject): void {
  const reached = new Set<string>()
  const open = [startAt]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    const state = Object.hasOwn(states, name) ? states[name] : undefined
    if (isObject(state)) open.push(...transitionsOf(state).map(({ to }) => to))
  }
  const lost = Object.keys(states).find(name => !reached.has(name))
  if (lost === undefined) return
  throw new InvalidDefinition(
    'MISSING_TRANSITION_TARGET',
    `State "${lost}" is not reachable.`,
    `${place.at}/States/${lost}`,
  )
}
