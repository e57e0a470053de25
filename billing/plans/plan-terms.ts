import {
  formatMinor,
  formatUnitPrice,
  isZeroPrice,
  type PlanDefinition,
  type Tier,
  type UsagePrice,
} from '#billing/contract'

/** What a plan says, with the currency and the unit that it says it in. */
export type PlanTerms = PlanDefinition & { readonly currency: string; readonly unit: string }

/** One member of a plan, in words. `canonical` is equal when, and only when, the member means the same. */
export type TermsFact = {
  /** JSON pointer into the plan: `/usagePrice/tiers/1`. */
  readonly pointer: string
  readonly label: string
  readonly canonical: string
  readonly text: string
}

/** Everything that a plan says, in the order in which it is read. */
export function describeTerms(terms: PlanTerms): TermsFact[] {
  const { currency, unit, limits } = terms
  const fact = (pointer: string, label: string, value: unknown, text = String(value)): TermsFact => ({
    ...{ pointer, label, text },
    canonical: JSON.stringify(value),
  })
  return [
    fact('/name', 'Name', terms.name),
    fact('/description', 'Description', terms.description),
    fact('/currency', 'Currency', currency, currency.toUpperCase()),
    fact('/unit', 'Unit', unit),
    fact(
      '/flatFeeMinor',
      'Monthly fee',
      canonicalPrice(terms.flatFeeMinor),
      money(terms.flatFeeMinor, terms),
    ),
    fact('/includedUnits', 'Included', terms.includedUnits, units(terms.includedUnits, unit)),
    fact('/usagePrice/model', 'Price model', terms.usagePrice.model, MODELS[terms.usagePrice.model]),
    ...describeUsagePrice(terms.usagePrice, terms),
    fact(
      '/hardLimitUnits',
      'Hard limit',
      terms.hardLimitUnits,
      terms.hardLimitUnits === null ? 'none' : `${units(terms.hardLimitUnits, unit)}, then calls are refused`,
    ),
    fact(
      '/defaultCapMinor',
      'Spend cap of new payers',
      terms.defaultCapMinor === null ? null : canonicalPrice(terms.defaultCapMinor),
      terms.defaultCapMinor === null ? 'none' : money(terms.defaultCapMinor, terms),
    ),
    fact('/limits/ratePerSecond', 'Rate', limits.ratePerSecond, `${count(limits.ratePerSecond)} requests/s`),
    fact('/limits/burst', 'Burst', limits.burst, `${count(limits.burst)} requests`),
  ]
}

function describeUsagePrice(price: UsagePrice, terms: PlanTerms): TermsFact[] {
  if (price.model === 'per_unit')
    return [
      {
        ...{ pointer: '/usagePrice/unitPriceMinor', label: 'Price of usage' },
        canonical: canonicalPrice(price.unitPriceMinor),
        text: unitPrice(price.unitPriceMinor, terms),
      },
    ]
  if (price.model === 'package')
    return [
      {
        ...{ pointer: '/usagePrice/packagePriceMinor', label: 'Price of usage' },
        canonical: JSON.stringify([price.packageUnits, canonicalPrice(price.packagePriceMinor)]),
        text: `${money(price.packagePriceMinor, terms)} per ${units(price.packageUnits, terms.unit)}`,
      },
    ]
  return price.tiers.map((tier, i) => describeTier(tier, i, terms))
}

function describeTier(tier: Tier, i: number, terms: PlanTerms): TermsFact {
  const range = tier.upToUnits === null ? 'beyond' : `up to ${count(tier.upToUnits)}`
  const flat = isZeroPrice(tier.flatMinor) ? '' : `${money(tier.flatMinor, terms)} + `
  return {
    ...{ pointer: `/usagePrice/tiers/${i}`, label: `Tier ${i + 1}` },
    canonical: JSON.stringify([
      tier.upToUnits,
      canonicalPrice(tier.unitPriceMinor),
      canonicalPrice(tier.flatMinor),
    ]),
    text: `${range}: ${flat}${unitPrice(tier.unitPriceMinor, terms)}`,
  }
}

/** `0.150` and `00.15` are the price `0.15`. */
export const canonicalPrice = (text: string): string => {
  const [whole = '', fraction = ''] = text.split('.')
  const [left, right] = [whole.replace(/^0+(?=\d)/, ''), fraction.replace(/0+$/, '')]
  return right === '' ? left : `${left}.${right}`
}

const MODELS: Readonly<Record<UsagePrice['model'], string>> = {
  per_unit: 'each unit the same',
  graduated: 'graduated: each unit at the price of its tier',
  volume: 'volume: all units at the price of the last tier reached',
  package: 'packages: a begun one is paid whole',
}

const count = (value: number): string => value.toLocaleString('en-US')
const units = (value: number, unit: string): string => `${count(value)} ${value === 1 ? unit : `${unit}s`}`
const money = (amountMinor: string, { currency }: Pick<PlanTerms, 'currency'>): string =>
  formatMinor(BigInt(amountMinor), currency)
const unitPrice = (price: string, { currency, unit }: PlanTerms): string =>
  isZeroPrice(price) ? 'no charge' : formatUnitPrice(price, currency, unit)
