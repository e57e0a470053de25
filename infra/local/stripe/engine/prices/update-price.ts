import { change, type Engine, emit } from '../engine.ts'
import { needPrice } from '../find.ts'
import { applyMetadata, boolean, type Input, metadata, object, oneOf, text } from '../params.ts'
import type { Price } from '../wire.ts'
import { checkLookupKey, takeLookupKey } from './lookup-key.ts'

/** Everything else about a price is immutable: https://docs.stripe.com/api/prices/update */
export const updatePriceParams = object({
  active: boolean(),
  lookup_key: text({ max: 200 }),
  metadata: metadata(),
  nickname: text(),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  transfer_lookup_key: boolean(),
})

export function updatePrice(engine: Engine, id: string, input: Input<typeof updatePriceParams>): Price {
  const price = needPrice(engine, id)
  const changes: Partial<Price> = { metadata: applyMetadata(price.metadata, input.metadata) }
  if (input.active !== undefined) changes.active = input.active
  if (input.nickname !== undefined) changes.nickname = input.nickname
  if (input.tax_behavior !== undefined) changes.tax_behavior = input.tax_behavior
  if (input.lookup_key !== undefined) {
    if (input.lookup_key !== '') {
      checkLookupKey(engine, input.lookup_key, input.transfer_lookup_key ?? false, id)
      takeLookupKey(engine, input.lookup_key, id)
    }
    changes.lookup_key = input.lookup_key === '' ? null : input.lookup_key
  }
  const previous = change(price, changes)
  if (Object.keys(previous).length > 0) emit(engine, 'price.updated', price, previous)
  return price
}
