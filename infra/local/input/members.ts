import { z } from 'zod'

/** Members of inputs with the limits of AWS's own service models. Messages are the constraint as AWS words it. */
export function text(limits: { min?: number; max?: number; pattern?: string } = {}): z.ZodString {
  let schema = z.string()
  const { min, max, pattern } = limits
  if (min !== undefined) schema = schema.min(min, `Member must have length greater than or equal to ${min}`)
  if (max !== undefined) schema = schema.max(max, `Member must have length less than or equal to ${max}`)
  if (pattern === undefined) return schema
  const whole = new RegExp(`^(?:${pattern})$`, 'u')
  return schema.regex(whole, `Member must satisfy regular expression pattern: ${pattern}`)
}

export const integer = (min: number = Number.MIN_SAFE_INTEGER, max: number = Number.MAX_SAFE_INTEGER) =>
  z
    .int()
    .min(min, `Member must have value greater than or equal to ${min}`)
    .max(max, `Member must have value less than or equal to ${max}`)

/** An integer of a query string, which brings text. */
export const queryInteger = (min: number, max: number) =>
  z.preprocess(given => (/^-?\d{1,15}$/.test(String(given)) ? Number(given) : given), integer(min, max))

export const choice = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, `Member must satisfy enum value set: [${values.join(', ')}]`)

export function list<T extends z.ZodType>(member: T, limits: { min?: number; max?: number } = {}) {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = limits
  return z
    .array(member)
    .min(min, `Member must have length greater than or equal to ${min}`)
    .max(max, `Member must have length less than or equal to ${max}`)
}
