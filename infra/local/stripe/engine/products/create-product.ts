import { type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { newId } from '../ids.ts'
import { applyMetadata, boolean, type Input, metadata, object, oneOf, required, text } from '../params.ts'
import type { Product } from '../wire.ts'

export const createProductParams = object({
  active: boolean(),
  description: text(),
  id: text(),
  metadata: metadata(),
  name: required(text()),
  statement_descriptor: text(),
  tax_code: text(),
  type: oneOf('good', 'service'),
  unit_label: text(),
  url: text(),
})

/** https://docs.stripe.com/api/products/create */
export function createProduct(engine: Engine, input: Input<typeof createProductParams>): Product {
  const id = input.id ?? newId(engine.state, 'prod_', 14)
  if (engine.state.products.get(id) !== undefined) {
    throw invalidRequest(`Product already exists.`, { code: 'resource_already_exists', param: 'id' })
  }
  const now = nowSeconds(engine)
  const product: Product = {
    id,
    object: 'product',
    active: input.active ?? true,
    created: now,
    default_price: null,
    description: input.description ?? null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: applyMetadata(null, input.metadata),
    name: input.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: input.statement_descriptor ?? null,
    tax_code: input.tax_code ?? null,
    tax_details: null,
    type: input.type ?? 'service',
    unit_label: input.unit_label ?? null,
    updated: now,
    url: input.url ?? null,
  }
  engine.state.products.set(product.id, product)
  emit(engine, 'product.created', product)
  return product
}
