import { DECIMAL_SCALE, parseDecimal } from '../decimal.ts'
import type { Engine } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { share } from '../rate-price.ts'
import type { Customer, Invoice, InvoiceLine } from '../wire.ts'

type Tax = NonNullable<Invoice['total_taxes']>[number]

/**
 * Puts tax on the lines of an invoice with automatic tax, on top of what is left after discounts and credits, each line
 * rounded on its own. Rates come from `settings.taxPercentByCountry`; a country that is not there has none. Answers the
 * totals by rate.
 */
export function applyTax(engine: Engine, invoice: Invoice, lines: readonly InvoiceLine[]): Tax[] {
  for (const line of lines) line.taxes = []
  if (!invoice.automatic_tax.enabled) return []
  const country = invoice.customer_address?.country
  invoice.automatic_tax.status = country ? 'complete' : 'requires_location_inputs'
  const percent = country ? engine.settings.taxPercentByCountry[country] : undefined
  if (!country || percent === undefined) return []
  const scaled = parseDecimal(String(percent)) ?? 0n
  const exempt = invoice.customer_tax_exempt
  const isTaxed = exempt !== 'exempt' && exempt !== 'reverse'
  const kind = {
    tax_behavior: 'exclusive',
    tax_rate_details: { tax_rate: `txr_${country.toLowerCase()}` },
    taxability_reason:
      exempt === 'reverse' ? 'reverse_charge' : exempt === 'exempt' ? 'customer_exempt' : 'standard_rated',
    type: 'tax_rate_details',
  } as const
  let total = 0
  let base = 0
  for (const line of lines) {
    const taxable = netOf(line)
    const tax = isTaxed ? share(taxable, Number(scaled / (DECIMAL_SCALE / 10_000n)), 1_000_000) : 0
    line.taxes = [{ ...kind, amount: tax, taxable_amount: isTaxed ? taxable : 0 }]
    total += tax
    base += taxable
  }
  return [{ ...kind, amount: total, taxable_amount: isTaxed ? base : 0 }]
}

/** What a line costs after discounts and credits. */
export function netOf(line: InvoiceLine): number {
  return line.amount - (line.pretax_credit_amounts ?? []).reduce((sum, one) => sum + one.amount, 0)
}

/** Automatic tax needs to know where the customer is. */
export function checkTaxLocation(customer: Customer, enabled: boolean): void {
  if (!enabled || customer.address?.country) return
  throw invalidRequest(
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    { code: 'customer_tax_location_invalid', param: 'automatic_tax[enabled]' },
  )
}
