import { ServiceError } from '../../contract.ts'

export type Paged = { readonly Marker?: string; readonly MaxItems?: string }

/** One page of a list, as IAM cuts it: `MaxItems` of 1 to 1000, `Marker` where the next one starts. */
export function page<T>(
  items: readonly T[],
  { Marker, MaxItems = '100' }: Paged,
): { items: readonly T[]; rest: { IsTruncated: boolean; Marker?: string } } {
  const size = Number(MaxItems)
  const start = Number(Marker ?? 0)
  if (!Number.isInteger(size) || size < 1 || size > 1000)
    throw new ServiceError('ValidationError', `Value '${MaxItems}' at 'maxItems' must be from 1 to 1000`)
  if (!Number.isInteger(start) || start < 0)
    throw new ServiceError('ValidationError', `Invalid Marker: ${Marker}`)
  const end = start + size
  const more = end < items.length
  return {
    items: items.slice(start, end),
    rest: { IsTruncated: more, ...(more && { Marker: String(end) }) },
  }
}
