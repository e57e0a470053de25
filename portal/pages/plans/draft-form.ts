import { minorPlacesOf, type PlanDraft } from '#billing/contract'

/**
 * The editor's fields and the plan they stand for. Amounts are typed in major units (`29.00`, `0.0015`) and kept in minor
 * ones; what is no number is kept as it was typed, so that the draft's check can name it and nothing is lost.
 */
export type DraftFields = Readonly<Record<string, string>>
export const MODELS = ['graduated', 'volume', 'per_unit', 'package'] as const
export type Model = (typeof MODELS)[number]

/** `29.5` -> `2950`; unchanged when it is no amount of this currency. */
export function toMinor(text: string, currency: string, decimals = 0): string {
  const typed = text.replaceAll(',', '').trim()
  const [, whole = '', fraction = ''] = /^(\d*)\.?(\d*)$/.exec(typed) ?? []
  if (typed === '' || (whole === '' && fraction === '')) return text
  const places = minorPlacesOf(currency)
  const padded = fraction.padEnd(places, '0')
  const [kept, rest] = [padded.slice(0, places), padded.slice(places).replace(/0+$/, '')]
  if (rest.length > decimals) return text
  const minor = `${whole}${kept}`.replace(/^0+(?=\d)/, '')
  return rest === '' ? minor || '0' : `${minor || '0'}.${rest}`
}

/** `2950` -> `29.50`, `0.15` -> `0.0015`; unchanged when it is none. */
export function toMajor(minor: string, currency: string): string {
  const [, whole = '', fraction = ''] = /^(\d+)\.?(\d*)$/.exec(minor) ?? []
  if (whole === '') return minor
  const places = minorPlacesOf(currency)
  if (places === 0) return minor
  const digits = whole.padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}${fraction}`
}

const UNIT_PRICE_DECIMALS = 12

/** A number where one was typed, else the text; `empty` where nothing was. */
const toCount = (text: string, empty: null | ''): number | string | null => {
  const typed = text.replaceAll(/[,\s]/g, '')
  if (typed === '') return empty
  return /^\d{1,15}$/.test(typed) ? Number(typed) : text
}

/** The plan that the fields say, unchecked. */
export function definitionOf(fields: DraftFields, currency: string): Record<string, unknown> {
  const field = (name: string): string => fields[name] ?? ''
  const cap = field('defaultCap')
  return {
    name: field('name'),
    description: field('description'),
    flatFeeMinor: toMinor(field('flatFee') || '0', currency),
    usagePrice: usagePriceOf(fields, currency),
    hardLimitUnits: toCount(field('hardLimit'), null),
    defaultCapMinor: cap === '' ? null : toMinor(cap, currency),
    limits: { ratePerSecond: toCount(field('rate'), ''), burst: toCount(field('burst'), '') },
  }
}

function usagePriceOf(fields: DraftFields, currency: string): Record<string, unknown> {
  const field = (name: string): string => fields[name] ?? ''
  const model = field('model')
  if (model === 'per_unit')
    return { model, unitPriceMinor: toMinor(field('unitPrice') || '0', currency, UNIT_PRICE_DECIMALS) }
  if (model === 'package')
    return {
      model,
      packageUnits: toCount(field('packageUnits'), ''),
      packagePriceMinor: toMinor(field('packagePrice') || '0', currency),
    }
  const rows = tierRows(fields)
  const tiers = rows.map(i => ({
    upToUnits: i === rows.at(-1) ? null : toCount(field(`upTo_${i}`), ''),
    unitPriceMinor: toMinor(field(`price_${i}`) || '0', currency, UNIT_PRICE_DECIMALS),
    flatMinor: toMinor(field(`flat_${i}`) || '0', currency),
  }))
  return { model: model === 'volume' ? model : 'graduated', tiers }
}

const TIERS_MAX = 20
/** Numbers of the tier rows that were posted, without one that is to be removed. */
function tierRows(fields: DraftFields): number[] {
  const removed = /^remove_(\d+)$/.exec(fields.action ?? '')?.[1]
  const count = Math.min(TIERS_MAX, Number(fields.tierCount ?? '0') || 0)
  const rows = Array.from({ length: count }, (_, i) => i).filter(i => String(i) !== removed)
  // A new row has no fields yet and stands before the last one, which has no end.
  return fields.action === 'add_tier' && count < TIERS_MAX
    ? [...rows.slice(0, -1), count, ...rows.slice(-1)]
    : rows
}

/** The fields that a stored draft is shown in. */
export function fieldsOf({ definition, currency }: Pick<PlanDraft, 'definition' | 'currency'>): DraftFields {
  const price = asRecord(definition.usagePrice)
  const limits = asRecord(definition.limits)
  const tiers = Array.isArray(price.tiers) ? price.tiers.map(asRecord) : []
  const money = (value: unknown): string =>
    typeof value === 'string' ? toMajor(value, currency) : text(value)
  const rows = tiers.flatMap((tier, i) => [
    [`upTo_${i}`, text(tier.upToUnits)],
    [`price_${i}`, money(tier.unitPriceMinor)],
    [`flat_${i}`, tier.flatMinor === undefined || tier.flatMinor === '0' ? '' : money(tier.flatMinor)],
  ])
  return {
    name: text(definition.name),
    description: text(definition.description),
    flatFee: money(definition.flatFeeMinor),
    model: MODELS.find(model => model === price.model) ?? 'graduated',
    unitPrice: money(price.unitPriceMinor),
    packageUnits: text(price.packageUnits),
    packagePrice: money(price.packagePriceMinor),
    tierCount: String(tiers.length),
    hardLimit: text(definition.hardLimitUnits),
    defaultCap: money(definition.defaultCapMinor),
    rate: text(limits.ratePerSecond),
    burst: text(limits.burst),
    ...Object.fromEntries(rows),
  }
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

/** Which field a note of the draft's check is about. */
export function fieldOfPointer(pointer: string): string {
  const tier = /^\/usagePrice\/tiers\/(\d+)\/?(\w*)$/.exec(pointer)
  if (tier) return `${TIER_FIELDS[tier[2] ?? ''] ?? 'upTo'}_${tier[1]}`
  return FIELDS[pointer] ?? ''
}
const TIER_FIELDS: Readonly<Record<string, string>> = {
  ...{ upToUnits: 'upTo', unitPriceMinor: 'price', flatMinor: 'flat' },
}
const FIELDS: Readonly<Record<string, string>> = {
  ...{ '/name': 'name', '/description': 'description', '/flatFeeMinor': 'flatFee', '/unit': 'unit' },
  ...{ '/usagePrice/unitPriceMinor': 'unitPrice', '/usagePrice/packageUnits': 'packageUnits' },
  ...{ '/usagePrice/packagePriceMinor': 'packagePrice', '/usagePrice/tiers': 'upTo_0' },
  ...{ '/hardLimitUnits': 'hardLimit', '/defaultCapMinor': 'defaultCap' },
  ...{ '/limits/ratePerSecond': 'rate', '/limits/burst': 'burst' },
}
