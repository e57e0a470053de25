import { change, type Engine, emit } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import type { Price } from '../wire.ts'

/** Refuses a lookup key that another price holds, unless it is to be transferred. `null`: no key. */
export function checkLookupKey(
  engine: Engine,
  key: string | null,
  transfer: boolean,
  exceptId?: string,
): void {
  const holder = key === null ? undefined : holderOf(engine, key, exceptId)
  if (holder === undefined || transfer) return
  throw invalidRequest(
    `A price (\`${holder.id}\`) already uses that lookup key. To transfer it, pass \`transfer_lookup_key=true\`.`,
    { code: 'resource_already_exists', param: 'lookup_key' },
  )
}

/** Frees a lookup key for another price. */
export function takeLookupKey(engine: Engine, key: string, exceptId?: string): void {
  const holder = holderOf(engine, key, exceptId)
  if (holder === undefined) return
  const previous = change(holder, { lookup_key: null })
  emit(engine, 'price.updated', holder, previous)
}

function holderOf(engine: Engine, key: string, exceptId: string | undefined): Price | undefined {
  return [...engine.state.prices.values()].find(price => price.lookup_key === key && price.id !== exceptId)
}
