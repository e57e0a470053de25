import { object, type Param, timestamp } from '../../engine/params.ts'

const bounds = object({ gt: timestamp(), gte: timestamp(), lt: timestamp(), lte: timestamp() })
const instant = timestamp()

/** A time filter: `created[gte]=…`, or `created=…` for one second. */
export const range: Param<Range> = {
  parse(raw, path) {
    if (typeof raw !== 'string') return bounds.parse(raw, path)
    const exactly = instant.parse(raw, path)
    return { gte: exactly, lte: exactly }
  },
}

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
