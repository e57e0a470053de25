import { gunzipSync, gzipSync } from 'node:zlib'

/**
 * JSON as gzip. Most batches are a few hundred bytes, and zlib spends most of its time on the 16 KB that it sets aside
 * for its output by default: buffers that fit what comes spare that.
 */
export const zipJson = (value: unknown): Uint8Array => {
  const text = JSON.stringify(value)
  return new Uint8Array(gzipSync(text, { chunkSize: chunkFor(text.length) }))
}

/** Throws on anything that is not gzip of JSON. */
export const unzipJson = (body: Uint8Array): unknown =>
  JSON.parse(gunzipSync(body, { chunkSize: chunkFor(body.length * 4) }).toString('utf8'))

const CHUNK_BYTES = { min: 1_024, max: 16_384 }
const chunkFor = (bytes: number): number => Math.min(CHUNK_BYTES.max, Math.max(CHUNK_BYTES.min, bytes))
