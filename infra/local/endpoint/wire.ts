/** JSON as the AWS protocols write it: `Date` as epoch seconds, bytes as base64, no `undefined`. */
export function wireJson(value: unknown): string {
  return JSON.stringify(toWire(value)) ?? '{}'
}

function toWire(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? Number(value) : value
  if (value instanceof Date) return value.getTime() / 1000
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(toWire)
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(entries.map(([key, item]) => [key, toWire(item)]))
}
