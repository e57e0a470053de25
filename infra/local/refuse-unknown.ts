import { UnsupportedError } from './contract.ts'

/** Refuses, by name, every member of `given` that the local cloud does not know: silence would look like support. */
export function refuseUnknown(what: string, given: object, known: readonly string[]): void {
  const unknown = Object.entries(given).flatMap(([name, value]) =>
    value === undefined || known.includes(name) ? [] : [name],
  )
  if (unknown.length > 0) throw new UnsupportedError(`${what}: ${unknown.join(', ')}`)
}
