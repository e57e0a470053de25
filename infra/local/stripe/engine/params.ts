import { formatDecimal, parseDecimal } from './decimal.ts'
import { invalidRequest } from './fault.ts'

/** A form or query value before its type is known. */
export type Raw = string | Raw[] | { [key: string]: Raw }

/** How one parameter is read. `path` is its name as Stripe spells it: `items[0][price]`. */
export type Param<T> = { readonly required?: true; parse(raw: Raw, path: string): T }
type Required<T> = Param<T> & { readonly required: true }
type Shape = Readonly<Record<string, Param<unknown>>>
type RequiredKeys<S extends Shape> = { [K in keyof S]: S[K] extends { required: true } ? K : never }[keyof S]
type ValueOf<P> = P extends Param<infer T> ? T : never

export type Values<S extends Shape> = { [K in RequiredKeys<S>]: ValueOf<S[K]> } & {
  [K in Exclude<keyof S, RequiredKeys<S>>]?: ValueOf<S[K]>
}
/** The input type of a verb whose parameters are declared with `object({...})`. */
export type Input<P extends Param<unknown>> = ValueOf<P>

export function required<T>(param: Param<T>): Required<T> {
  return { required: true, parse: param.parse }
}

export function text(): Param<string> {
  return { parse: (raw, path) => asText(raw, path) }
}

export function integer(): Param<number> {
  return {
    parse(raw, path) {
      const value = asText(raw, path)
      if (!/^-?\d{1,15}$/.test(value))
        throw refused(`Invalid integer: ${value}`, 'parameter_invalid_integer', path)
      return Number(value)
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
export function decimal(): Param<string> {
  return {
    parse(raw, path) {
      const value = parseDecimal(asText(raw, path))
      if (value === undefined) throw refused(`Invalid decimal: ${asText(raw, path)}`, undefined, path)
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
  return { parse: (raw, path) => (raw === '' ? null : param.parse(raw, path)) }
}

export function list<T>(item: Param<T>): Param<T[]> {
  return {
    parse(raw, path) {
      if (!Array.isArray(raw)) throw refused('Invalid array', undefined, path)
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
      return Object.fromEntries(
        Object.entries(raw).map(([key, value]) => {
          const entry = asText(value, `${path}[${key}]`)
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
  const merged: Record<string, string> = { ...current }
  for (const [key, value] of Object.entries(change ?? {})) {
    if (value === null) delete merged[key]
    else merged[key] = value
  }
  return merged
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

function asText(raw: Raw, path: string): string {
  if (typeof raw !== 'string') throw refused('Invalid string', undefined, path)
  return raw
}

function refused(message: string, code: string | undefined, param: string) {
  return invalidRequest(message, { ...(code === undefined ? {} : { code }), param, beforeExecution: true })
}
