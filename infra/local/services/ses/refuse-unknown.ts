import { UnsupportedError } from '../../contract.ts'

/** Refuses, by name, every member of `given` that this service does not know: silence would look like support. */
export function refuseUnknown(what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).filter(name => !known.includes(name))
  if (unknown.length > 0) throw new UnsupportedError(`${what}: ${unknown.join(', ')}`)
}
