import { DECIMAL_SCALE, formatDecimal, parseDecimal } from './decimal.ts'
import { invalidRequest } from './fault.ts'
import { isCurrency } from './format.ts'

export const MAX_AMOUNT = 999_999_999_999
export const MAX_QUANTITY = 999_999_999
const MAX_TEXT_LENGTH = 5_000
const MAX_LIST_LENGTH = 500
/** https://docs.stripe.com/metadata */
const MAX_METADATA = { keys: 50, keyLength: 40, valueLength: 500 } as const

/** A form or query value before its type is known. */
export type Raw = string | Raw[] | { [key: string]: Raw }

/** How one parameter is read. `path` is its name as Stripe spells it: `items[0][price]`. */
export type Param<T> = {
  readonly required?: true
  /** The parameters inside, for checks of what an endpoint takes. */
  readonly shape?: Shape
  parse(raw: Raw, path: string): T
}
export type Required<T> = Param<T> & { readonly required: true }
type Shape = Readonly<Record<string, Param<unknown>>>
type RequiredKeys<S extends Shape> = { [K in keyof S]: S[K] extends { required: true } ? K : never }[keyof S]
type ValueOf<P> = P extends Param<infer T> ? T : never

export type Values<S extends Shape> = { [K in RequiredKeys<S>]: ValueOf<S[K]> } & {
  [K in Exclude<keyof S, RequiredKeys<S>>]?: ValueOf<S[K]>
}
/** The input type of a verb whose parameters are declared with `object({...})`. */
export type Input<P extends Param<unknown>> = ValueOf<P>

export function required<T>(param: Param<T>): Required<T> {
  return { ...param, required: true }
}

export function text({ max = MAX_TEXT_LENGTH } = {}): Param<string> {
  return {
    parse(raw, path) {
      const value = asText(raw, path)
      if (value.length <= max) return value
      throw refused(`Invalid string: must be at most ${max} characters`, undefined, path)
    },
  }
}

/** A currency's code in lower case. */
export function currency(): Param<string> {
  return {
    parse(raw, path) {
      const value = asText(raw, path).toLowerCase()
      if (isCurrency(value)) return value
      throw refused(`Invalid currency: ${value}.`, undefined, path)
    },
  }
}

export function integer(range: { readonly min?: number; readonly max?: number } = {}): Param<number> {
  return {
    parse(raw, path) {
      const text = asText(raw, path)
      if (!/^-?\d{1,15}$/.test(text))
        throw refused(`Invalid integer: ${text}`, 'parameter_invalid_integer', path)
      const value = Number(text)
      if (range.min !== undefined && value < range.min) {
        throw refused(
          `This value must be greater than or equal to ${range.min}.`,
          'parameter_invalid_integer',
          path,
        )
      }
      if (range.max !== undefined && value > range.max) {
        throw refused(
          `This value must be less than or equal to ${range.max}.`,
          'parameter_invalid_integer',
          path,
        )
      }
      return value
    },
  }
}

/** An amount of money in minor units: at most twelve digits, as Stripe's amounts have. */
export function amount(range: { readonly min?: number } = {}): Param<number> {
  return integer({ min: -MAX_AMOUNT, ...range, max: MAX_AMOUNT })
}

/** Unix seconds, up to the end of the year 9999. */
export function timestamp(): Param<number> {
  const whole = integer({ min: 0, max: 253_402_300_799 })
  return { parse: (raw, path) => whole.parse(raw, path) }
}

/** An instant of the v2 namespace, `2026-11-10T09:30:00Z`, as Unix seconds. */
export function instant(): Param<number> {
  return {
    parse(raw, path) {
      const value = asText(raw, path)
      const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value)
        ? Date.parse(value)
        : NaN
      if (Number.isNaN(ms)) throw refused(`Invalid timestamp: ${value}`, 'invalid_fields', path)
      return Math.floor(ms / 1000)
    },
  }
}

export function boolean(): Param<boolean> {
  return {
    parse(raw, path) {
      const value = asText(raw, path)
      if (value !== 'true' && value !== 'false') throw refused(`Invalid boolean: ${value}`, undefined, path)
      return value === 'true'
    },
  }
}

/** A decimal as its shortest text. */
export function decimal({ min }: { readonly min?: number } = {}): Param<string> {
  return {
    parse(raw, path) {
      const text = asText(raw, path)
      const value = /^-?\d{1,15}(\.\d+)?$/.test(text) ? parseDecimal(text) : undefined
      if (value === undefined) throw refused(`Invalid decimal: ${text}`, 'parameter_invalid_decimal', path)
      if (min !== undefined && value < BigInt(min) * DECIMAL_SCALE) {
        throw refused(`This value must be greater than or equal to ${min}.`, undefined, path)
      }
      return formatDecimal(value)
    },
  }
}

export function oneOf<const T extends string>(...values: readonly T[]): Param<T> {
  return {
    parse(raw, path) {
      const value = asText(raw, path)
      const found = values.find(allowed => allowed === value)
      if (found === undefined) {
        throw refused(`Invalid ${path}: must be one of ${values.join(', ')}`, undefined, path)
      }
      return found
    },
  }
}

/** A value, or the empty string that clears it (as `null`). */
export function emptyable<T>(param: Param<T>): Param<T | null> {
  return { ...shapeOf(param), parse: (raw, path) => (raw === '' ? null : param.parse(raw, path)) }
}

export function list<T>(item: Param<T>, { max = MAX_LIST_LENGTH } = {}): Param<T[]> {
  return {
    ...shapeOf(item),
    parse(raw, path) {
      if (!Array.isArray(raw)) throw refused('Invalid array', undefined, path)
      if (raw.length > max) throw refused(`Array must contain at most ${max} elements.`, undefined, path)
      return raw.map((value, index) => item.parse(value, `${path}[${index}]`))
    },
  }
}

/** String map; a `null` value deletes its key, `null` as a whole deletes all of them. */
export type MetadataChange = Record<string, string | null> | null

export function metadata(): Param<MetadataChange> {
  return {
    parse(raw, path) {
      if (raw === '') return null
      if (typeof raw !== 'object' || Array.isArray(raw)) throw refused('Invalid object', undefined, path)
      const entries = Object.entries(raw)
      if (entries.length > MAX_METADATA.keys) {
        throw refused(`Metadata can have up to ${MAX_METADATA.keys} keys.`, undefined, path)
      }
      return Object.fromEntries(
        entries.map(([key, value]) => {
          const entry = asText(value, `${path}[${key}]`)
          if (key.length > MAX_METADATA.keyLength || entry.length > MAX_METADATA.valueLength) {
            const { keyLength, valueLength } = MAX_METADATA
            throw refused(
              `Metadata keys can be up to ${keyLength} characters long and values up to ${valueLength}.`,
              undefined,
              `${path}[${key}]`,
            )
          }
          return [key, entry === '' ? null : entry]
        }),
      )
    },
  }
}

export function applyMetadata(
  current: Readonly<Record<string, string>> | null,
  change: MetadataChange | undefined,
): Record<string, string> {
  if (change === null) return {}
  const merged = new Map(Object.entries(current ?? {}))
  for (const [key, value] of Object.entries(change ?? {})) {
    if (value === null) merged.delete(key)
    else merged.set(key, value)
  }
  return Object.fromEntries(merged)
}

/** An open string-to-string map, as a meter event's payload is. */
export function textMap(): Param<Record<string, string>> {
  return {
    parse(raw, path) {
      if (typeof raw !== 'object' || Array.isArray(raw)) throw refused('Invalid object', undefined, path)
      return Object.fromEntries(
        Object.entries(raw).map(([key, value]) => [key, asText(value, `${path}[${key}]`)]),
      )
    },
  }
}

/** A closed set of parameters: unknown ones are refused by name, missing ones too. */
export function object<const S extends Shape>(shape: S): Param<Values<S>> {
  return {
    shape,
    parse(raw, path) {
      if (typeof raw !== 'object' || Array.isArray(raw)) throw refused('Invalid object', undefined, path)
      const values: Record<string, unknown> = {}
      for (const [key, value] of Object.entries(raw)) {
        const name = path === '' ? key : `${path}[${key}]`
        const param = Object.hasOwn(shape, key) ? shape[key] : undefined
        if (param === undefined)
          throw refused(`Received unknown parameter: ${name}`, 'parameter_unknown', name)
        values[key] = param.parse(value, name)
      }
      for (const [key, param] of Object.entries(shape)) {
        const name = path === '' ? key : `${path}[${key}]`
        if (param.required && !Object.hasOwn(values, key)) {
          throw refused(`Missing required param: ${name}.`, 'parameter_missing', name)
        }
      }
      return values as Values<S>
    },
  }
}

function shapeOf(param: Param<unknown>): { readonly shape?: Shape } {
  return param.shape === undefined ? {} : { shape: param.shape }
}

function asText(raw: Raw, path: string): string {
  if (typeof raw !== 'string') throw refused('Invalid string', undefined, path)
  if (raw.length > MAX_TEXT_LENGTH) {
    throw refused(`Invalid string: must be at most ${MAX_TEXT_LENGTH} characters`, undefined, path)
  }
  return raw
}

function refused(message: string, code: string | undefined, param: string) {
  return invalidRequest(message, { ...(code === undefined ? {} : { code }), param, beforeExecution: true })
}
