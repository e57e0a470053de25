import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { needPrice, needProduct } from '../find.ts'
import { applyMetadata, boolean, emptyable, type Input, metadata, object, text } from '../params.ts'
import type { Product } from '../wire.ts'

export const updateProductParams = object({
  active: boolean(),
  default_price: text(),
  description: emptyable(text()),
  metadata: metadata(),
  name: text(),
  statement_descriptor: text(),
  unit_label: emptyable(text()),
  url: emptyable(text()),
})

/** https://docs.stripe.com/api/products/update */
export function updateProduct(engine: Engine, id: string, input: Input<typeof updateProductParams>): Product {
  const product = needProduct(engine, id)
  const changes: Partial<Product> = { metadata: applyMetadata(product.metadata, input.metadata) }
  if (input.active !== undefined) changes.active = input.active
  if (input.default_price !== undefined) {
    changes.default_price = needPrice(engine, input.default_price, 'default_price').id
  }
  if (input.description !== undefined) changes.description = input.description
  if (input.name !== undefined) changes.name = input.name
  if (input.statement_descriptor !== undefined) changes.statement_descriptor = input.statement_descriptor
  if (input.unit_label !== undefined) changes.unit_label = input.unit_label
  if (input.url !== undefined) changes.url = input.url
  const previous = change(product, changes)
  if (Object.keys(previous).length > 0) {
    product.updated = nowSeconds(engine)
    emit(engine, 'product.updated', product, previous)
  }
  return product
}
