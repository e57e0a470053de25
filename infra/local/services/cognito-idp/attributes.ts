import type { AttributeType, SchemaAttributeType } from '@aws-sdk/client-cognito-identity-provider'
import { invalidParameter, notAuthorized } from './errors.ts'
import type { SchemaAttribute, User, UserPool } from './state.ts'

const MAX_LENGTH = 2_048
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const PHONE = /^\+\d{1,15}$/
const text = (name: string, length: Partial<SchemaAttribute> = {}): SchemaAttribute => ({
  ...{ name, type: 'String', required: false, mutable: true, min: 0, max: MAX_LENGTH },
  ...length,
})
const flag = (name: string): SchemaAttribute => ({ name, type: 'Boolean', required: false, mutable: true })

/** What every pool's users may have: cognito/latest/developerguide/user-pool-settings-attributes.html. */
export const STANDARD_ATTRIBUTES: readonly SchemaAttribute[] = [
  text('sub', { required: true, mutable: false, min: 1 }),
  ...['name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username'].map(name =>
    text(name),
  ),
  ...['profile', 'picture', 'website'].map(name => text(name)),
  text('email'),
  flag('email_verified'),
  text('gender'),
  text('birthdate', { min: 10, max: 10 }),
  ...['zoneinfo', 'locale', 'phone_number'].map(name => text(name)),
  flag('phone_number_verified'),
  text('address'),
  { name: 'updated_at', type: 'Number', required: false, mutable: true, min: 0 },
]
const VERIFIED_FLAGS = ['email_verified', 'phone_number_verified']

export const isEmail = (value: string): boolean => EMAIL.test(value)

export const attributesOf = (given: readonly AttributeType[] | undefined): Record<string, string> =>
  Object.fromEntries((given ?? []).map(attribute => [attribute.Name ?? '', attribute.Value ?? '']))

export const attributeList = (user: User): AttributeType[] =>
  Object.entries(user.attributes).map(([Name, Value]) => ({ Name, Value }))

/** Refuses attributes that the pool's schema does not know or allow, missing required ones and malformed addresses. */
export function checkSchema(pool: UserPool, attributes: Readonly<Record<string, string>>): void {
  checkKnown(pool, attributes)
  const missing = pool.schema.find(one => one.required && one.name !== 'sub' && !attributes[one.name])
  if (missing) throw nonConforming(`${missing.name}: The attribute is required`)
}

export function checkKnown(pool: UserPool, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const schema = pool.schema.find(one => one.name === name)
    if (!schema) throw nonConforming(`${name}: Attribute does not exist in the schema.`)
    if (name === 'sub') throw invalidParameter('user.sub: Attribute cannot be updated.\n')
    checkValue(schema, value)
  }
}

/** An attribute may be emptied whatever its shape. */
function checkValue({ name, type, min, max }: SchemaAttribute, value: string): void {
  if (name === 'email' && !isEmail(value)) throw invalidParameter('Invalid email address format.')
  if (value === '') return
  if (name === 'phone_number' && !PHONE.test(value)) throw invalidParameter('Invalid phone number format.')
  if (type === 'Boolean' && value !== 'true' && value !== 'false')
    throw invalidParameter(`user.${name}: Boolean attribute must be true or false`)
  if (type === 'Number' && !Number.isFinite(Number(value)))
    throw nonConforming(`${name}: Attribute value must be a number`)
  const [size, unit] = type === 'Number' ? [Number(value), ''] : [value.length, ' characters']
  if (type === 'Boolean' || type === 'DateTime') return
  if (max !== undefined && size > max)
    throw nonConforming(`${name}: ${type} must be no longer than ${max}${unit}`)
  if (min !== undefined && size < min)
    throw nonConforming(`${name}: ${type} must be no shorter than ${min}${unit}`)
}

const nonConforming = (what: string) =>
  invalidParameter(`Attributes did not conform to the schema: ${what}\n`)

/** People may not write what only Cognito or an administrator sets; `existing` people not what is fixed at sign-up. */
export function checkWritable(
  pool: UserPool,
  attributes: Readonly<Record<string, string>>,
  { existing }: { existing: boolean },
): void {
  checkKnown(pool, attributes)
  if (Object.keys(attributes).some(name => VERIFIED_FLAGS.includes(name)))
    throw notAuthorized('A client attempted to write unauthorized attribute')
  if (existing) checkMutable(pool, attributes)
}

export function checkMutable(pool: UserPool, attributes: Readonly<Record<string, string>>): void {
  const fixed = pool.schema.find(one => !one.mutable && Object.hasOwn(attributes, one.name))
  if (fixed) throw invalidParameter(`user.${fixed.name}: Attribute cannot be updated.\n`)
}

/** As `DescribeUserPool` shows an attribute. */
export function describeAttribute({
  name,
  type,
  required,
  mutable,
  min,
  max,
}: SchemaAttribute): SchemaAttributeType {
  const bound = (key: string, value: number | undefined) =>
    value === undefined ? {} : { [key]: String(value) }
  return {
    Name: name,
    AttributeDataType: type,
    DeveloperOnlyAttribute: false,
    Mutable: mutable,
    Required: required,
    ...(type === 'String'
      ? { StringAttributeConstraints: { ...bound('MinLength', min), ...bound('MaxLength', max) } }
      : {}),
    ...(type === 'Number'
      ? { NumberAttributeConstraints: { ...bound('MinValue', min), ...bound('MaxValue', max) } }
      : {}),
  }
}
