import { change, type Engine, emit } from '../engine.ts'
import { invalidRequest } from '../fault.ts'

/** Frees a lookup key for another price, or refuses when it is taken and no transfer was asked for. */
export function moveLookupKey(engine: Engine, key: string, transfer: boolean, exceptId?: string): void {
  const holder = Object.values(engine.state.prices).find(p => p.lookup_key === key && p.id !== exceptId)
  if (holder === undefined) return
  if (!transfer) {
    throw invalidRequest(
      `A price (\`${holder.id}\`) already uses that lookup key. To transfer it, pass \`transfer_lookup_key=true\`.`,
      { code: 'resource_already_exists', param: 'lookup_key' },
    )
  }
  const previous = change(holder, { lookup_key: null })
  emit(engine, 'price.updated', holder, previous)
}
