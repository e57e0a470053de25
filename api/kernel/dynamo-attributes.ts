/**
 * Values in DynamoDB's JSON protocol. Written here because `@aws-sdk/util-dynamodb` marshals for the SDK's serializer
 * and not for the wire (bytes stay bytes instead of base64), and because a table holds only what `table.ts` names.
 */
export type Attribute =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly B: string }
  | { readonly L: readonly Attribute[] }
  | { readonly M: Attributes }
export type Attributes = { readonly [name: string]: Attribute }

/** `undefined` members are dropped; what cannot be stored throws `TypeError`. */
export function toAttributes(map: object): Attributes {
  const attributes: Record<string, Attribute> = {}
  for (const [name, value] of Object.entries(map))
    if (value !== undefined) attributes[name] = toAttribute(value)
  return attributes
}

export function toAttribute(value: unknown): Attribute {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number' && Number.isFinite(value)) return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (value === null) return { NULL: true }
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return { L: value.filter(member => member !== undefined).map(toAttribute) }
  if (isPlainMap(value)) return { M: toAttributes(value) }
  throw new TypeError(`A table cannot store a ${typeof value}`)
}

export const fromAttributes = (attributes: Attributes): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, fromAttribute(value)]))

function fromAttribute(attribute: Attribute): unknown {
  if ('S' in attribute) return attribute.S
  if ('N' in attribute) return Number(attribute.N)
  if ('BOOL' in attribute) return attribute.BOOL
  if ('NULL' in attribute) return null
  if ('B' in attribute) return Uint8Array.from(Buffer.from(attribute.B, 'base64'))
  if ('L' in attribute) return attribute.L.map(fromAttribute)
  if ('M' in attribute) return fromAttributes(attribute.M)
  throw new TypeError(`DynamoDB answered with an attribute of type ${Object.keys(attribute).join()}`)
}

/** A map that was written as a literal or parsed: no class instance, whose members would be lost silently. */
export function isPlainMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
