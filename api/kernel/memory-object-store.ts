import type { ObjectStore } from './object-store.ts'

export type MemoryObjectStore = ObjectStore & { readonly objects: ReadonlyMap<string, Uint8Array> }

/** An object store in memory. Bodies are copied on the way in and out. */
export function createMemoryObjectStore(): MemoryObjectStore {
  const objects = new Map<string, Uint8Array>()
  return {
    objects,
    async put(key, body) {
      objects.set(key, Uint8Array.from(body))
    },
    async get(key) {
      const body = objects.get(key)
      return body && Uint8Array.from(body)
    },
    presignGet: async (key, { expiresSeconds }) => `memory:///${key}?expires=${expiresSeconds}`,
  }
}
