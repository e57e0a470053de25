import * as z from 'zod/mini'
import {
  chargeable,
  chargesNothing,
  formatMinor,
  includedUnitsOf,
  isFree,
  isZeroPrice,
  type PlanDefinition,
  type PlanNote,
  type PlanVersion,
  planDefinitionSchema,
  rate,
  totalOf,
  unitsAtCap,
  usagePriceSchema,
} from '#billing/contract'

export type DraftContext = {
  readonly planId: string
  readonly currency: string
  readonly unit: string
  /** The newest published version of the plan, on sale or not. */
  readonly newest: PlanVersion | undefined
  /** The newest version of every other plan. */
  readonly others: readonly PlanVersion[]
}
export type DraftCheck = {
  /** Null while there are problems. */
  readonly definition: PlanDefinition | null
  readonly problems: readonly PlanNote[]
  readonly warnings: readonly PlanNote[]
}

/** One item serialises one account's calls, about a thousand writes a second: faster plans cannot be limited exactly. */
const EXACT_LIMIT_RATE_MAX = 1_000
/** Amounts have at most eight digits: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const AMOUNT_MAX = 99_999_999n

/**
 * Checks a draft as it was saved: its members one by one, then what they mean together. `includedUnits` follows from
 * the other members and may be left out. Problems keep it from being published, warnings do not.
 */
export function validateDraft(input: Readonly<Record<string, unknown>>, context: DraftContext): DraftCheck {
  const given = { ...input, id: context.planId, includedUnits: input.includedUnits ?? derivedIncluded(input) }
  const parsed = z.safeParse(planDefinitionSchema, given)
  const foreign = input.id !== undefined && input.id !== context.planId
  const problems: PlanNote[] = foreign
    ? [note('/id', `must be "${context.planId}": a draft keeps its plan`)]
    : []
  if (!/^[a-z][a-z ]{0,19}$/.test(context.unit))
    problems.push(note('/unit', 'must be one to twenty small letters, in the singular: check'))
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map(describeIssue))
    return { definition: null, problems, warnings: [] }
  }
  const definition = parsed.data
  for (const rule of RULES) problems.push(...rule(definition, context))
  const warnings = WARNINGS.flatMap(rule => rule(definition, context))
  return { definition: problems.length === 0 ? definition : null, problems, warnings }
}

type Rule = (plan: PlanDefinition, context: DraftContext) => readonly PlanNote[]
const note = (pointer: string, message: string): PlanNote => ({ pointer, message })
const when = (holds: boolean, pointer: string, message: string): PlanNote[] =>
  holds ? [note(pointer, message)] : []

function derivedIncluded(input: Readonly<Record<string, unknown>>): unknown {
  const price = z.safeParse(usagePriceSchema, input.usagePrice)
  if (!price.success) return 0
  const { flatFeeMinor, hardLimitUnits } = input
  return includedUnitsOf({
    usagePrice: price.data,
    flatFeeMinor: typeof flatFeeMinor === 'string' ? flatFeeMinor : '',
    hardLimitUnits: typeof hardLimitUnits === 'number' ? hardLimitUnits : null,
  })
}

/** Every amount of the plan that is charged as it stands. */
function amountsOf({ flatFeeMinor, defaultCapMinor, usagePrice }: PlanDefinition): [string, string][] {
  const own: [string, string][] = [['/flatFeeMinor', flatFeeMinor]]
  if (defaultCapMinor !== null) own.push(['/defaultCapMinor', defaultCapMinor])
  if (usagePrice.model === 'package')
    own.push(['/usagePrice/packagePriceMinor', usagePrice.packagePriceMinor])
  if ('tiers' in usagePrice)
    for (const [i, tier] of usagePrice.tiers.entries())
      own.push([`/usagePrice/tiers/${i}/flatMinor`, tier.flatMinor])
  return own
}

const RULES: readonly Rule[] = [
  (plan, { currency }) =>
    amountsOf(plan).flatMap(([pointer, amount]) => [
      ...when(
        !chargeable(BigInt(amount), currency),
        pointer,
        `${formatMinor(BigInt(amount), currency)} cannot be charged in ${currency.toUpperCase()}: the last digits must be zero`,
      ),
      ...when(
        BigInt(amount) > AMOUNT_MAX,
        pointer,
        `must be at most ${formatMinor(AMOUNT_MAX, currency)}: Stripe charges no more at once`,
      ),
    ]),
  ({ hardLimitUnits, includedUnits }) => [
    ...when(
      hardLimitUnits === 0,
      '/hardLimitUnits',
      'is 0: nobody could make a call. Leave it empty for none',
    ),
    ...when(
      hardLimitUnits !== null && hardLimitUnits < includedUnits,
      '/hardLimitUnits',
      'is below the included units: customers would pay for units that are refused',
    ),
  ],
  ({ usagePrice, defaultCapMinor }) =>
    when(
      defaultCapMinor !== null && unitsAtCap(usagePrice, BigInt(defaultCapMinor)) === 0,
      '/defaultCapMinor',
      'is too small: a new payer could not make one call. Raise it, or leave it empty for none',
    ),
  ({ limits, hardLimitUnits, defaultCapMinor }) =>
    limits.ratePerSecond > EXACT_LIMIT_RATE_MAX
      ? [
          ...when(hardLimitUnits !== null, '/hardLimitUnits', EXACT_LIMIT_MESSAGE),
          ...when(defaultCapMinor !== null, '/defaultCapMinor', EXACT_LIMIT_MESSAGE),
        ]
      : [],
  (plan, { newest }) =>
    when(
      newest !== undefined && isFree(newest) !== isFree(plan),
      '/flatFeeMinor',
      newest && isFree(newest)
        ? 'makes a free plan a paid one, and its customers have no payment method: give the paid plan an id of its own'
        : 'makes a paid plan a free one, and its customers have subscriptions: give the free plan an id of its own',
    ),
  ({ name }, { others }) =>
    when(
      others.some(other => other.name.toLowerCase() === name.trim().toLowerCase()),
      '/name',
      `is the name of another plan`,
    ),
]
const EXACT_LIMIT_MESSAGE = `cannot be kept exactly above ${EXACT_LIMIT_RATE_MAX.toLocaleString('en-US')} requests a second: leave it empty, or lower the rate`

const WARNINGS: readonly Rule[] = [
  ({ usagePrice }, { currency, unit }) => {
    if (usagePrice.model !== 'volume') return []
    return usagePrice.tiers.flatMap(({ upToUnits }, i) => {
      if (upToUnits === null) return []
      const [last, next] = [upToUnits, upToUnits + 1].map(units => totalOf(rate(usagePrice, units)))
      if (last === undefined || next === undefined || next >= last) return []
      const [from, to] = [formatMinor(last, currency), formatMinor(next, currency)]
      return [note(`/usagePrice/tiers/${i}`, `one ${unit} more lowers the bill from ${from} to ${to}`)]
    })
  },
  ({ usagePrice, defaultCapMinor }) =>
    when(
      defaultCapMinor !== null && chargesNothing(usagePrice),
      '/defaultCapMinor',
      'never stops anybody: usage of this plan costs nothing',
    ),
  ({ usagePrice }) =>
    'tiers' in usagePrice
      ? when(
          isZeroPrice(usagePrice.tiers[0]?.unitPriceMinor ?? '') &&
            !isZeroPrice(usagePrice.tiers[0]?.flatMinor ?? '0'),
          '/usagePrice/tiers/0/flatMinor',
          'is charged every month, with no usage at all too',
        )
      : [],
  (plan, { newest, currency }) =>
    newest && BigInt(plan.flatFeeMinor) > BigInt(newest.flatFeeMinor)
      ? [
          note(
            '/flatFeeMinor',
            `rises from ${formatMinor(BigInt(newest.flatFeeMinor), currency)}: who is on the plan keeps the old fee until you migrate them`,
          ),
        ]
      : [],
]

/** A schema's finding in the owner's words. */
function describeIssue({ path, message }: z.core.$ZodIssue): PlanNote {
  const pointer = `/${path.join('/')}`
  const last = String(path.at(-1) ?? '')
  return note(pointer, HINTS[last] ?? message.replace(/^Invalid input: /, ''))
}

const AMOUNT_HINT = 'must be an amount in minor units of at most twelve digits: 2900'
const HINTS: Readonly<Record<string, string>> = {
  name: 'must have one to forty characters',
  description: 'must have at most two hundred characters',
  flatFeeMinor: AMOUNT_HINT,
  flatMinor: AMOUNT_HINT,
  packagePriceMinor: AMOUNT_HINT,
  defaultCapMinor: `${AMOUNT_HINT}, or empty for none`,
  unitPriceMinor: 'must be a price in minor units with at most twelve decimals: 0.15',
  packageUnits: 'must be a whole number of at least 2',
  upToUnits: 'must be a whole number above the tier before it; empty in the last tier only',
  hardLimitUnits: 'must be a whole number of units, or empty for none',
  ratePerSecond: 'must be a whole number from 1 to 10,000',
  burst: 'must be a whole number from 1 to 5,000',
}
