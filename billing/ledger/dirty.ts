import * as z from 'zod/mini'
import { randomId } from '#kernel/ids'
import { accountIdSchema } from '#kernel/schemas'
import type { Item, Table } from '#kernel/table'
import type { Hour } from '#kernel/time'

/**
 * A dirty marker says that an hour has batches which its total may not contain: `pk dirty`, `sk <account>#<hour>`. Each
 * new batch gives it a new random token; whoever recomputes the hour takes the marker away only if the token is still
 * the one that was read before reading the batches. A batch that lands in between is therefore never lost.
 */
export type DirtyHour = {
  readonly accountId: string
  readonly hour: Hour
  readonly token: string
}

const PARTITION = 'dirty'
const keyOf = ({ accountId, hour }: Pick<DirtyHour, 'accountId' | 'hour'>) => ({
  pk: PARTITION,
  sk: `${accountId}#${hour}`,
})

export async function markDirty(ledger: Table, hour: Pick<DirtyHour, 'accountId' | 'hour'>): Promise<void> {
  await ledger.put({ ...keyOf(hour), token: randomId('mark') })
}

/** Of every account, or of one. */
export async function listDirty(ledger: Table, accountId?: string): Promise<DirtyHour[]> {
  const items = await ledger.query({ pk: PARTITION, ...(accountId && { prefix: `${accountId}#` }) })
  return items.map(parse)
}

/** False when a batch arrived since the marker was read: it stays. */
export const clearDirty = (ledger: Table, read: DirtyHour): Promise<boolean> =>
  ledger.remove(keyOf(read), [{ path: 'token', equals: read.token }])

const schema = z.object({
  sk: z.string().check(z.regex(/^acct_[0-9A-Za-z]{22}#\d{4}-\d{2}-\d{2}T\d{2}$/)),
  token: z.string(),
})

function parse(item: Item): DirtyHour {
  const { sk, token } = z.parse(schema, item)
  const [accountId, hour = ''] = sk.split('#')
  return { accountId: z.parse(accountIdSchema, accountId), hour, token }
}
