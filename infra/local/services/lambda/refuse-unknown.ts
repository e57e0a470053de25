import { UnsupportedError } from '../../contract.ts'

/** Throws when `value` has a member that is not listed; `where` says what it is part of. */
export function refuseUnknown(
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
  where: string,
): void {
  const unknown = Object.keys(value).filter(name => value[name] !== undefined && !known.includes(name))
  if (unknown.length > 0) throw new UnsupportedError(`${unknown.join(', ')} of ${where}`)
}
