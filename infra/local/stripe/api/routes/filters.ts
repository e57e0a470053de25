import { integer, object } from '../../engine/params.ts'

/** A time filter: `created[gte]=…`. */
export const range = object({ gt: integer(), gte: integer(), lt: integer(), lte: integer() })

type Range = { readonly gt?: number; readonly gte?: number; readonly lt?: number; readonly lte?: number }

export function inRange(value: number, wanted: Range | undefined): boolean {
  if (wanted === undefined) return true
  return (
    (wanted.gt === undefined || value > wanted.gt) &&
    (wanted.gte === undefined || value >= wanted.gte) &&
    (wanted.lt === undefined || value < wanted.lt) &&
    (wanted.lte === undefined || value <= wanted.lte)
  )
}

/** Whether a field matches a filter that may be absent. */
export function is<T>(value: T, wanted: T | undefined): boolean {
  return wanted === undefined || value === wanted
}

export const nothing = object({})
