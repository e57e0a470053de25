import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { type AccessRecord, accessLineSchema, type UsageEvent, usageLineSchema } from '#api/contract'
import type { Item } from '#kernel/table'
import { type Hour, hourOf } from '#kernel/time'
import { type LedgerRecords, uniqueById } from '../domain/fold.ts'
import { unzipJson, zipJson } from './zip.ts'

/**
 * A batch is one immutable item of the ledger: records of one account and one hour (of `usedAt`, UTC).
 *
 *     pk    usage#<account>#<yyyy-mm-ddThh>
 *     sk    SHA-256, in hex, of the sorted names of its records, one per line; a name is `usage:<id>` or `access:<id>`
 *     body  gzip of the JSON {"v":1,"usage":[{id,key,route,units,status,usedAt,durationMs}],
 *                             "access":[{id,key,route,status,usedAt}]}, sorted by id; instants in epoch milliseconds
 */
export type Batch = { readonly accountId: string; readonly hour: Hour; readonly records: LedgerRecords }

export const batchPartition = (accountId: string, hour: Hour): string => `usage#${accountId}#${hour}`

/** DynamoDB refuses items over 400 KB (409,600 bytes); the rest is room for keys and attribute names. */
export const BATCH_BODY_MAX_BYTES = 390_000

/** Groups records by account and hour. */
export function groupRecords({ usage, access }: LedgerRecords): Batch[] {
  const groups = new Map<
    string,
    { accountId: string; hour: Hour; usage: UsageEvent[]; access: AccessRecord[] }
  >()
  const groupOf = ({ account, usedAt }: AccessRecord | UsageEvent) => {
    const hour = hourOf(usedAt)
    const name = batchPartition(account, hour)
    const group = groups.get(name) ?? { accountId: account, hour, usage: [], access: [] }
    groups.set(name, group)
    return group
  }
  for (const event of usage) groupOf(event).usage.push(event)
  for (const record of access) groupOf(record).access.push(record)
  return [...groups.values()].map(group => ({
    accountId: group.accountId,
    hour: group.hour,
    records: { usage: sortById(group.usage), access: sortById(group.access) },
  }))
}

/** The items of a batch: one, or as many halves as it takes to keep each under the size limit. */
export function encodeBatch(batch: Batch, maxBytes = BATCH_BODY_MAX_BYTES): Item[] {
  const { accountId, hour, records } = batch
  const body = zipJson({ v: 1, usage: records.usage.map(bare), access: records.access.map(bare) })
  const count = records.usage.length + records.access.length
  if (body.length > maxBytes && count > 1)
    return halves(records).flatMap(half => encodeBatch({ accountId, hour, records: half }, maxBytes))
  return [{ pk: batchPartition(accountId, hour), sk: nameOf(records), body }]
}

/** The records of a stored batch. Throws when the item is not one: the ledger is never guessed at. */
export function decodeBatch(accountId: string, item: Item): LedgerRecords {
  const { body } = z.parse(storedSchema, item)
  const { usage, access } = z.parse(bodySchema, unzipJson(body))
  return {
    usage: usage.map(event => ({ ...event, account: accountId })),
    access: access.map(record => ({ ...record, account: accountId })),
  }
}

const storedSchema = z.object({ body: z.instanceof(Uint8Array) })
const usageRowSchema = z.extend(z.omit(usageLineSchema, { account: true }), {
  status: accessLineSchema.shape.status,
  usedAt: accessLineSchema.shape.usedAt,
  durationMs: z.int(),
})
const bodySchema = z.object({
  v: z.literal(1),
  usage: z.array(usageRowSchema),
  access: z.array(z.omit(accessLineSchema, { account: true })),
})

const bare = <R extends { account: string }>({ account: _, ...row }: R) => row

const sortById = <R extends { readonly id: string }>(records: readonly R[]): R[] =>
  [...uniqueById(records).values()].sort((a, b) => (a.id < b.id ? -1 : 1))

function halves({ usage, access }: LedgerRecords): LedgerRecords[] {
  const [u, a] = [Math.ceil(usage.length / 2), Math.floor(access.length / 2)]
  return [
    { usage: usage.slice(0, u), access: access.slice(0, a) },
    { usage: usage.slice(u), access: access.slice(a) },
  ]
}

function nameOf({ usage, access }: LedgerRecords): string {
  const names = [...usage.map(({ id }) => `usage:${id}`), ...access.map(({ id }) => `access:${id}`)].sort()
  return createHash('sha256').update(names.join('\n')).digest('hex')
}
