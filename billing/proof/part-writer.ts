import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import * as z from 'zod/mini'
import type { ObjectStore } from '#kernel/object-store'

/** One file of a set. `sha256` is that of the file as it is downloaded. */
export const partSchema = z.object({
  key: z.string(),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  bytes: z.int(),
  rows: z.int(),
})
export type Part = z.output<typeof partSchema>

/** Text beyond this begins a new part. gzip adds a thousandth at most, so every file stays below 5 MB (D17). */
export const PART_TEXT_MAX_BYTES = 4_900_000

export type PartWriter = {
  /** One row, without its line break. */
  add(row: string): Promise<void>
  /** Writes what is left and answers all parts. */
  end(): Promise<Part[]>
}

/**
 * Writes rows into gzip files of bounded size, one after the other, holding one of them in memory. The same rows give the
 * same files: the header of every part repeats, and the bytes depend on nothing else.
 */
export function createPartWriter(
  objects: Pick<ObjectStore, 'put'>,
  keyOf: (part: number) => string,
  header: string | null = null,
  maxBytes = PART_TEXT_MAX_BYTES,
): PartWriter {
  const parts: Part[] = []
  let rows: string[] = []
  let bytes = 0

  const flush = async () => {
    if (rows.length === 0) return
    const text = `${[...(header === null ? [] : [header]), ...rows].join('\n')}\n`
    const body = gzip(text)
    const key = keyOf(parts.length + 1)
    await objects.put(key, body, { contentType: 'application/gzip' })
    parts.push({ key, sha256: sha256(body), bytes: body.length, rows: rows.length })
    rows = []
    bytes = 0
  }

  return {
    async add(row) {
      const size = Buffer.byteLength(row) + 1
      if (bytes + size > maxBytes) await flush()
      rows.push(row)
      bytes += size
    },
    async end() {
      await flush()
      return parts
    },
  }
}

/** Where gzip's header names the operating system that made the file (RFC 1952, 2.3.1). */
const OS_BYTE = 9
const OS_UNKNOWN = 255

/** gzip without a time or a machine in it. */
function gzip(text: string): Uint8Array {
  const body = new Uint8Array(gzipSync(text))
  body[OS_BYTE] = OS_UNKNOWN
  return body
}

export const sha256 = (body: Uint8Array | string): string => createHash('sha256').update(body).digest('hex')
