import type { StoredObject } from './state.ts'

export type Page = {
  readonly objects: readonly (readonly [string, StoredObject])[]
  readonly prefixes: readonly string[]
  /** Where the next page starts after, if there is one. */
  readonly next: string | undefined
}

/** One page of a listing; a common prefix counts as one entry and ends a page like a key. */
export function list(
  objects: ReadonlyMap<string, StoredObject>,
  asked: {
    readonly prefix: string
    readonly delimiter: string
    readonly after: string
    readonly limit: number
    /** The common prefix with which the page before ended. */
    readonly listed: string | undefined
  },
): Page {
  const { prefix, delimiter, after, limit, listed } = asked
  const page = { objects: [] as [string, StoredObject][], prefixes: [] as string[] }
  let last = after
  let common = listed
  for (const [key, object] of sorted(objects)) {
    if (!key.startsWith(prefix) || compare(key, after) <= 0) continue
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const rolled = end < 0 ? undefined : key.slice(0, end + delimiter.length)
    if (rolled !== undefined && rolled === common) continue
    if (page.objects.length + page.prefixes.length === limit)
      return { ...page, next: limit === 0 ? undefined : last }
    if (rolled === undefined) page.objects.push([key, object])
    else page.prefixes.push(rolled)
    common = rolled
    last = rolled ?? key
  }
  return { ...page, next: undefined }
}

const sorted = (objects: ReadonlyMap<string, StoredObject>) => [...objects].sort(([a], [b]) => compare(a, b))

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
