import * as z from 'zod/mini'
import { accountIdSchema, instantSchema, keyIdSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import { type Access, accessSchema } from './document.ts'

/** Where the documents, the pointers from key hashes to them and the list of accounts to tend are stored. */
export type AccessStore = ReturnType<typeof createAccessStore>

const pointerSchema = z.object({ accountId: accountIdSchema, keyId: keyIdSchema })
export type KeyPointer = z.output<typeof pointerSchema>

const workSchema = z.object({ accountId: accountIdSchema, since: instantSchema })
export type TendingWork = z.output<typeof workSchema>

const documentKey = (accountId: string) => ({ pk: `acct#${accountId}`, sk: 'access' })
const pointerKey = (hash: string) => ({ pk: `hash#${hash}`, sk: 'key' })
const workKey = (accountId: string) => ({ pk: 'to-tend', sk: accountId })

export function createAccessStore(table: Table) {
  return {
    async load(accountId: string): Promise<Access | undefined> {
      const item = await table.get(documentKey(accountId))
      return item && z.parse(accessSchema, item)
    },

    /** Writes `next` over `read`. False when somebody else was faster. */
    save: (read: Access, next: Access): Promise<boolean> =>
      table.put(
        { ...next, revision: read.revision + 1, ...documentKey(read.accountId) },
        read.revision === 0 ? isNew : [{ path: 'revision', equals: read.revision }],
      ),

    /** Points from a secret's hash to its key. Harmless alone: the document decides whether the key exists. */
    addPointer: (hash: string, pointer: KeyPointer): Promise<boolean> =>
      table.put({ ...pointer, ...pointerKey(hash) }),

    async findPointer(hash: string): Promise<KeyPointer | undefined> {
      const item = await table.get(pointerKey(hash))
      return item && z.parse(pointerSchema, item)
    },

    /** Asks the scheduled job to look at the account. Written before the document, so that no crash loses it. */
    requestTending: (accountId: string, since: Instant): Promise<boolean> =>
      table.put({ accountId, since, ...workKey(accountId) }),

    async listTending(): Promise<TendingWork[]> {
      return (await table.query({ pk: 'to-tend' })).map(item => z.parse(workSchema, item))
    },

    /** Takes the account off the list unless it was asked for again in the meantime. */
    endTending: (work: TendingWork): Promise<boolean> =>
      table.remove(workKey(work.accountId), [{ path: 'since', equals: work.since }]),
  }
}
