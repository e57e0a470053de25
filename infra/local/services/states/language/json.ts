export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Equality by value; the order of members does not matter. */
export function sameJson(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index] ?? null))
  }
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a)
    const shared = names.every(name => Object.hasOwn(b, name) && sameJson(a[name] ?? null, b[name] ?? null))
    return shared && names.length === Object.keys(b).length
  }
  return a === b
}

/** Sets a member without touching prototypes, whatever its name. */
export function withMember(target: JsonObject, name: string, value: Json): JsonObject {
  return Object.fromEntries([...Object.entries(target).filter(([key]) => key !== name), [name, value]])
}
