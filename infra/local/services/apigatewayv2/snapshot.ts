import type { HttpApiState } from './state.ts'

/** Only throttles change at run time; everything else is the template's. */
export const takeSnapshot = ({ buckets }: HttpApiState): unknown => ({ buckets })

/** Puts back what a snapshot holds; throws when it is none of this service. */
export function restoreSnapshot(state: HttpApiState, snapshot: unknown): void {
  const { buckets } = (snapshot ?? {}) as { buckets?: unknown }
  if (!(buckets instanceof Map)) throw new Error('This is no snapshot of HTTP APIs')
  state.buckets.clear()
  for (const [name, bucket] of buckets) state.buckets.set(name, bucket)
}
