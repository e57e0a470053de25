import type { ApiGatewayState } from './state.ts'

/** What is made at run time. APIs and stages are the template's, with the same ids at every start. */
const PARTS = [
  'keys',
  'plans',
  'planKeys',
  'usage',
  'throttled',
  'buckets',
  'authorizerCache',
] as const satisfies readonly (keyof ApiGatewayState)[]
const SEEN_PARTS = [
  'keys',
  'plans',
  'keyPlans',
] as const satisfies readonly (keyof ApiGatewayState['dataPlane'])[]

/** The state's own maps, by reference. */
export const takeSnapshot = (state: ApiGatewayState): unknown => ({
  ...Object.fromEntries(PARTS.map(part => [part, state[part]])),
  dataPlane: state.dataPlane,
})

/** Puts back what a snapshot holds; throws when it is none of this service. */
export function restoreSnapshot(state: ApiGatewayState, snapshot: unknown): void {
  const parts = asObject(snapshot)
  const seen = asObject(parts.dataPlane)
  for (const part of PARTS) refill(state[part], parts[part], part)
  for (const part of SEEN_PARTS) refill(state.dataPlane[part], seen[part], `dataPlane.${part}`)
}

function refill(map: Map<unknown, unknown>, saved: unknown, part: string): void {
  if (!(saved instanceof Map)) throw new Error(`The snapshot of API Gateway has no ${part}`)
  map.clear()
  for (const [key, value] of saved) map.set(key, value)
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('This is no snapshot of API Gateway')
  return value as Record<string, unknown>
}
