/**
 * What the product needs of S3: objects in one piece, and addresses that let a browser fetch one for a while. Two
 * implementations: `s3-object-store.ts` (signed HTTP) and `memory-object-store.ts` (tests, simulation).
 */
export interface ObjectStore {
  /** Stores an object, replacing what was there. Resolves when it is kept. */
  put(key: string, body: Uint8Array, options: { readonly contentType: string }): Promise<void>
  /** Undefined when there is none. */
  get(key: string): Promise<Uint8Array | undefined>
  /** An address that answers `GET` with the object as a download, for so many seconds from now. */
  presignGet(
    key: string,
    options: { readonly expiresSeconds: number; readonly fileName: string },
  ): Promise<string>
}
