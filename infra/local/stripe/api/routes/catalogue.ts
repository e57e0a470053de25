import { createCoupon, createCouponParams } from '../../engine/coupons/create-coupon.ts'
import { deleteCoupon, updateCoupon, updateCouponParams } from '../../engine/coupons/update-coupon.ts'
import { need, needPrice, needProduct } from '../../engine/find.ts'
import { boolean, list, object, oneOf, text } from '../../engine/params.ts'
import { createPrice, createPriceParams } from '../../engine/prices/create-price.ts'
import { updatePrice, updatePriceParams } from '../../engine/prices/update-price.ts'
import { createProduct, createProductParams } from '../../engine/products/create-product.ts'
import { updateProduct, updateProductParams } from '../../engine/products/update-product.ts'
import { many, one } from '../router.ts'
import { inRange, is, nothing, range } from './filters.ts'

const priceFilter = object({
  active: boolean(),
  created: range,
  currency: text(),
  lookup_keys: list(text()),
  product: text(),
  recurring: object({ meter: text(), usage_type: oneOf('licensed', 'metered') }),
  type: oneOf('one_time', 'recurring'),
})

export const catalogueRoutes = [
  one('POST', '/v1/products', createProductParams, (engine, input) => createProduct(engine, input)),
  many('/v1/products', object({ active: boolean(), created: range, ids: list(text()) }), (engine, input) =>
    [...engine.state.products.values()].filter(
      product =>
        is(product.active, input.active) &&
        inRange(product.created, input.created) &&
        (input.ids === undefined || input.ids.includes(product.id)),
    ),
  ),
  one('GET', '/v1/products/:id', nothing, (engine, _input, path) => needProduct(engine, path.id)),
  one('POST', '/v1/products/:id', updateProductParams, (engine, input, path) =>
    updateProduct(engine, path.id, input),
  ),
  one('POST', '/v1/prices', createPriceParams, (engine, input) => createPrice(engine, input)),
  many('/v1/prices', priceFilter, (engine, input) =>
    [...engine.state.prices.values()].filter(
      price =>
        is(price.active, input.active) &&
        is(price.currency, input.currency) &&
        is(price.product, input.product) &&
        is<string>(price.type, input.type) &&
        is(price.recurring?.meter ?? undefined, input.recurring?.meter) &&
        is<string | undefined>(price.recurring?.usage_type, input.recurring?.usage_type) &&
        inRange(price.created, input.created) &&
        (input.lookup_keys === undefined || input.lookup_keys.includes(price.lookup_key ?? '')),
    ),
  ),
  one('GET', '/v1/prices/:id', nothing, (engine, _input, path) => needPrice(engine, path.id)),
  one('POST', '/v1/prices/:id', updatePriceParams, (engine, input, path) =>
    updatePrice(engine, path.id, input),
  ),
  one('POST', '/v1/coupons', createCouponParams, (engine, input) => createCoupon(engine, input)),
  one('POST', '/v1/coupons/:id', updateCouponParams, (engine, input, path) =>
    updateCoupon(engine, path.id, input),
  ),
  one('DELETE', '/v1/coupons/:id', nothing, (engine, _input, path) => deleteCoupon(engine, path.id)),
  many('/v1/coupons', nothing, engine => [...engine.state.coupons.values()]),
  one('GET', '/v1/coupons/:id', nothing, (engine, _input, path) =>
    need(engine.state.coupons, 'coupon', path.id),
  ),
]
