import { type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needCustomer, resourceOf } from '../find.ts'
import { newId } from '../ids.ts'
import { type Input, object, required, text } from '../params.ts'
import type { Customer, Invoice, TaxId } from '../wire.ts'

export const createTaxIdParams = object({
  type: required(text({ max: 20 })),
  value: required(text({ max: 60 })),
})

/** Shapes of the kinds that are looked at; others are taken as they come. */
const SHAPES: ReadonlyMap<string, RegExp> = new Map([
  ['eu_vat', /^[A-Z]{2}[0-9A-Za-z+*.]{2,12}$/],
  ['gb_vat', /^(GB)?(\d{9}|\d{12}|(GD|HA)\d{3})$/],
  ['ch_vat', /^CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)$/],
  ['us_ein', /^\d{2}-?\d{7}$/],
])
const KIND = /^[a-z]{2}_[a-z]{2,3}(_[a-z]{2,3})?$/

/** https://docs.stripe.com/api/tax_ids/customer_create */
export function createTaxId(
  engine: Engine,
  customerId: string,
  input: Input<typeof createTaxIdParams>,
): TaxId {
  const customer = needCustomer(engine, customerId)
  if (!KIND.test(input.type)) throw invalidRequest(`Invalid type: ${input.type}`, { param: 'type' })
  if (SHAPES.get(input.type)?.test(input.value.replaceAll(' ', '')) === false) {
    throw invalidRequest(`Invalid value for ${input.type}.`, { code: 'tax_id_invalid', param: 'value' })
  }
  const taxId: TaxId = {
    id: newId(engine.state, 'txi_'),
    object: 'tax_id',
    country:
      input.type === 'eu_vat' ? input.value.slice(0, 2).toUpperCase() : input.type.slice(0, 2).toUpperCase(),
    created: nowSeconds(engine),
    customer: customer.id,
    customer_account: null,
    livemode: false,
    owner: { customer: customer.id, customer_account: null, type: 'customer' },
    type: input.type,
    value: input.value,
    verification: {
      status: SHAPES.has(input.type) ? 'verified' : 'unavailable',
      verified_address: null,
      verified_name: null,
    },
  }
  engine.state.taxIds.set(taxId.id, taxId)
  emit(engine, 'customer.tax_id.created', taxId)
  return taxId
}

export type DeletedTaxId = { id: string; object: 'tax_id'; deleted: true }

/** https://docs.stripe.com/api/tax_ids/customer_delete */
export function deleteTaxId(engine: Engine, customerId: string, id: string): DeletedTaxId {
  const taxId = needTaxId(engine, customerId, id)
  engine.state.taxIds.delete(id)
  emit(engine, 'customer.tax_id.deleted', taxId)
  return { id, object: 'tax_id', deleted: true }
}

/** A customer's own; another's is as good as missing. */
export function needTaxId(engine: Engine, customerId: string, id: string): TaxId {
  needCustomer(engine, customerId)
  const found = engine.state.taxIds.get(id)
  return resourceOf(found?.customer === customerId ? found : undefined, 'tax ID', id)
}

export function taxIdsOf(engine: Engine, customerId: string): TaxId[] {
  return [...engine.state.taxIds.values()].filter(taxId => taxId.customer === customerId)
}

/** As an invoice of the customer shows them. */
export function invoiceTaxIds(engine: Engine, customer: Customer): NonNullable<Invoice['customer_tax_ids']> {
  return taxIdsOf(engine, customer.id).map(({ type, value }) => ({ type, value }))
}
