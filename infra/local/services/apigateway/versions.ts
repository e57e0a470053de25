import type { LocalTime } from '../../contract.ts'

/**
 * What the data plane sees of the control plane. API Gateway propagates keys and their associations eventually: each
 * change becomes visible some time after it was made, in order. An absent value is a deletion.
 */
export type Versions<T> = Map<string, { readonly visibleAt: LocalTime; readonly value: T | undefined }[]>

/** Records a change that the data plane sees from `visibleAt` on. */
export function publish<T>(
  versions: Versions<T>,
  key: string,
  value: T | undefined,
  visibleAt: LocalTime,
): void {
  const changes = versions.get(key) ?? []
  changes.push({ visibleAt, value })
  versions.set(key, changes)
}

/** The value the data plane sees now; forgets what later changes have replaced. */
export function visible<T>(versions: Versions<T>, key: string, now: LocalTime): T | undefined {
  const changes = versions.get(key)
  if (changes === undefined) return undefined
  const index = changes.findLastIndex(change => change.visibleAt <= now)
  if (index > 0) changes.splice(0, index)
  const current = index >= 0 ? changes[0] : undefined
  if (current !== undefined && current.value === undefined && changes.length === 1) versions.delete(key)
  return current?.value
}
