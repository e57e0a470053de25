import type { LocalTime } from '../../contract.ts'
import { createGroup } from './append.ts'
import type { Logs } from './logs.ts'
import type { LogGroup } from './state.ts'

export type LogsSnapshot = {
  readonly groups: readonly LogGroup[]
  readonly sequence: number
  readonly disabled: readonly { logGroup: string; name: string; until: LocalTime | undefined }[]
}

/** Every line, and what was changed at run time. */
export const takeSnapshot = ({ state }: Logs): LogsSnapshot => ({
  groups: [...state.groups.values()],
  sequence: state.sequence,
  disabled: state.filters.map(({ logGroup, name, disabledUntil }) => ({
    logGroup,
    name,
    until: disabledUntil,
  })),
})

/** Groups that functions have made are made again; those of the templates keep the templates' settings. */
export function restoreSnapshot({ state }: Logs, snapshot: LogsSnapshot): void {
  state.sequence = snapshot.sequence
  for (const saved of snapshot.groups) {
    const group = state.groups.get(saved.name) ?? createGroup(state, saved.name, saved.createdAt)
    group.events = saved.events
    group.storedBytes = saved.storedBytes
    for (const [stream, createdAt] of saved.streams) group.streams.set(stream, createdAt)
    if (saved.retentionChanged) {
      group.retentionDays = saved.retentionDays
      group.retentionChanged = true
    }
  }
  for (const { logGroup, name, until } of snapshot.disabled) {
    const filter = state.filters.find(one => one.logGroup === logGroup && one.name === name)
    if (filter) filter.disabledUntil = until
  }
}
