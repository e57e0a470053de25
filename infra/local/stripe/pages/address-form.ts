import type { Customer } from '../engine/wire.ts'
import { type Html, html } from './html.ts'

export type AddressForm = {
  readonly line1: string
  readonly postal_code: string
  readonly city: string
  readonly country: string
}

/** The fields of a billing address, named `addressLine1` … `addressCountry`. */
export function addressFields(address: Customer['address']): Html {
  const field = (name: string, label: string, autocomplete: string, value: string | null | undefined) =>
    html`<div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" autocomplete="${autocomplete}" value="${value ?? ''}"></div>`
  return html`${field('addressLine1', 'Address', 'address-line1', address?.line1)}
<div class="pair">${field('addressPostalCode', 'Postal code', 'postal-code', address?.postal_code)}
${field('addressCity', 'City', 'address-level2', address?.city)}</div>
${field('addressCountry', 'Country (two letters)', 'country', address?.country)}`
}

/** What was typed; `undefined` when the form has no address or it is empty. */
export function readAddress(form: URLSearchParams): AddressForm | undefined {
  const field = (name: string) => (form.get(name) ?? '').trim().slice(0, 200)
  const address = {
    line1: field('addressLine1'),
    postal_code: field('addressPostalCode'),
    city: field('addressCity'),
    country: field('addressCountry').toUpperCase().slice(0, 2),
  }
  return Object.values(address).some(value => value !== '') ? address : undefined
}
