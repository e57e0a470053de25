import * as z from 'zod/mini'
import { randomId } from './ids.ts'
import { type Actor, actorSchema, type Call } from './rpc.ts'
import { accountIdSchema, instantSchema } from './schemas.ts'
import type { Table } from './table.ts'
import { type Instant, parseInstant, plusMs, toIso, utcMonthOf } from './time.ts'

/**
 * The audit trail: who did what, from what, to what, why. Append-only, each service in its own table.
 *
 * A record about an account is stored under `audit#<account>`. What a person did is stored once more under
 * `audit-log#<yyyy-mm>`, the trail of the whole deployment; so is what belongs to no account (a plan was published).
 */
export const auditRecordSchema = z.object({
  id: z.string(),
  /** Null: about the deployment, not about one account. */
  accountId: z.nullable(accountIdSchema),
  at: instantSchema,
  actor: actorSchema,
  /** Verb in the past tense: `key.created`, `plan.changed`. */
  action: z.string(),
  before: z.optional(z.unknown()),
  after: z.optional(z.unknown()),
  reason: z.optional(z.string()),
})
export type AuditRecord = {
  readonly id: string
  readonly accountId: string | null
  readonly at: Instant
  readonly actor: Actor
  readonly action: string
  readonly before?: unknown
  readonly after?: unknown
  readonly reason?: string | undefined
}

/** Rather one line twice than none: append before the effect. */
export async function appendAudit(
  table: Table,
  call: Call,
  entry: Pick<AuditRecord, 'accountId' | 'action' | 'before' | 'after' | 'reason'>,
): Promise<void> {
  const id = randomId('aud')
  const record = { ...entry, id, at: call.now, actor: call.actor }
  const sk = cursorOf(record)
  if (entry.accountId === null || call.actor.kind !== 'service')
    await table.put({ ...record, pk: logOf(call.now), sk })
  if (entry.accountId !== null) await table.put({ ...record, pk: `audit#${entry.accountId}`, sk })
}

/** Input and output of `listAudit`, which every service with a trail serves. */
export const listAuditProcedure = {
  input: z.object({
    /** Null: the trail of the deployment, for admins. */
    accountId: z.nullable(accountIdSchema),
    /** `cursorOf` the last record that was shown. */
    before: z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z#aud_\w{1,40}$/))),
    limit: z.optional(z.int().check(z.gte(1), z.lte(100))),
  }),
  /** Newest first; fewer than `limit` means that there are no older ones. */
  output: z.object({ records: z.array(auditRecordSchema) }),
} as const
export type AuditQuery = z.output<typeof listAuditProcedure.input>

/** Where a record stands in its trail; the same in every service, so that trails can be merged. */
export const cursorOf = ({ at, id }: Pick<AuditRecord, 'at' | 'id'>): string => `${toIso(at)}#${id}`

const LIMIT = 50
/** How far back the trail of a deployment is searched for a full page. */
const MONTHS_MAX = 24

/** A page of an account's trail, or with `accountId` null of the deployment's; newest first. */
export async function readAudit(
  table: Table,
  { accountId, before, limit = LIMIT }: AuditQuery,
  now: Instant,
): Promise<AuditRecord[]> {
  const read = async (pk: string, count: number) => {
    // The bounds are inclusive: one more is read, because the cursor itself may be among them.
    const range = before === undefined ? {} : { from: '0', to: before }
    const items = await table.query({ pk, ...range, descending: true, limit: count + 1, consistent: false })
    const older = items.filter(({ sk }) => sk !== before).slice(0, count)
    return older.map(item => z.parse(auditRecordSchema, item))
  }
  if (accountId !== null) return read(`audit#${accountId}`, limit)
  const records: AuditRecord[] = []
  let at = before === undefined ? now : parseInstant(before.slice(0, before.indexOf('#')))
  for (let months = 0; months < MONTHS_MAX && records.length < limit; months++) {
    records.push(...(await read(logOf(at), limit - records.length)))
    at = plusMs(utcMonthOf(at).start, -1)
  }
  return records
}

/** Partition of the month around an instant. */
const logOf = (at: Instant): string => `audit-log#${toIso(at).slice(0, 7)}`
