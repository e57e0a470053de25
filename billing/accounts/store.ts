import * as z from 'zod/mini'
import { type Item, isNew, type Table } from '#kernel/table'
import { type Instant, toIso } from '#kernel/time'
import { type Account, accountSchema, type Segment, segmentSchema } from '../domain/records.ts'

const accountKey = (accountId: string) => ({ pk: `account#${accountId}`, sk: 'account' })
const segmentKey = (accountId: string, start: Instant) => ({
  pk: `account#${accountId}`,
  sk: `segment#${toIso(start)}`,
})

/**
 * Accounts and their segments, as billing stores them under `account#<id>`. Segments of an account never overlap and
 * leave no gap: each starts where the one before ended. The segment with the greatest start is the open one until its
 * end has passed; `closedAt` is set when its invoice was compared (or, on Free, when its month is over).
 */
export type AccountStore = ReturnType<typeof createAccountStore>

export function createAccountStore(table: Table) {
  return {
    async getAccount(accountId: string): Promise<Account | undefined> {
      const item = await table.get(accountKey(accountId))
      return item && z.parse(accountSchema, item)
    },

    /** False when the account exists already. */
    addAccount: (account: Account, extra: Readonly<Record<string, unknown>> = {}): Promise<boolean> =>
      table.put({ ...account, ...extra, ...accountKey(account.accountId) }, isNew),

    /** Replaces members of the account on condition that nothing was changed since it was read. */
    async changeAccount(
      read: Account,
      change: Partial<Omit<Account, 'accountId' | 'revision'>>,
    ): Promise<Account | undefined> {
      const changes = Object.entries({ ...change, revision: (read.revision ?? 0) + 1 })
      const item = await table.update(
        accountKey(read.accountId),
        changes.map(([name, value]) => ({ set: name, to: value })),
        [
          { present: 'pk' },
          read.revision === undefined ? { absent: 'revision' } : { path: 'revision', equals: read.revision },
        ],
      )
      return item && z.parse(accountSchema, item)
    },

    /** Oldest first. */
    async listSegments(accountId: string): Promise<Segment[]> {
      return (await table.query({ pk: `account#${accountId}`, prefix: 'segment#' })).map(parseSegment)
    },

    /** The segment that contains the instant. */
    async segmentAt(accountId: string, at: Instant): Promise<Segment | undefined> {
      const [item] = await table.query({
        pk: `account#${accountId}`,
        from: 'segment#',
        to: `segment#${toIso(at)}`,
        descending: true,
        limit: 1,
      })
      const segment = item && parseSegment(item)
      return segment && at < segment.end ? segment : undefined
    },

    /** The one with the greatest start. */
    async newestSegment(accountId: string): Promise<Segment | undefined> {
      const [item] = await table.query({
        pk: `account#${accountId}`,
        prefix: 'segment#',
        descending: true,
        limit: 1,
      })
      return item && parseSegment(item)
    },

    /** False when a segment with this start exists already. */
    addSegment: (segment: Segment): Promise<boolean> =>
      table.put(
        {
          ...segment,
          closedAt: segment.closedAt ?? NOT_CLOSED,
          ...segmentKey(segment.accountId, segment.start),
        },
        isNew,
      ),

    /**
     * Puts another segment in the place of an open one with the same start, on condition that this is still the one
     * that was read.
     */
    replaceSegment: (read: Segment, segment: Segment): Promise<boolean> =>
      table.put({ ...segment, closedAt: NOT_CLOSED, ...segmentKey(read.accountId, read.start) }, [
        { path: 'closedAt', equals: NOT_CLOSED },
        { path: 'end', equals: read.end },
        { path: 'planVersionId', equals: read.planVersionId },
      ]),

    /** Ends an open segment early, on condition that its end is still the one that was read. */
    endSegment: async (read: Segment, end: Instant): Promise<boolean> =>
      (await table.update(
        segmentKey(read.accountId, read.start),
        [{ set: 'end', to: end }],
        [{ path: 'end', equals: read.end }],
      )) !== undefined,

    /** Remembers the units of a closed segment for good. */
    settleSegment: async (read: Segment, settledUnits: number): Promise<void> => {
      const key = segmentKey(read.accountId, read.start)
      await table.update(key, [{ set: 'settledUnits', to: settledUnits }], [{ absent: 'settledUnits' }])
    },

    /** Changes what a closed segment was invoiced and waived, once: on condition that it is still as it was `before`. */
    adjustClosed: async (
      read: Segment,
      before: { readonly invoicedUnits: number; readonly waivedUnits: number },
      after: Pick<Segment, 'invoicedUnits' | 'waivedUnits'>,
    ): Promise<boolean> =>
      (await table.update(
        segmentKey(read.accountId, read.start),
        Object.entries(after).map(([name, value]) => ({ set: name, to: value })),
        Object.entries(before).map(([path, equals]) => ({ path, equals })),
      )) !== undefined,

    /** Records the outcome of a close, once. */
    closeSegment: async (
      read: Segment,
      outcome: Pick<Segment, 'carriedInUnits' | 'invoicedUnits' | 'waivedUnits'> & {
        readonly closedAt: Instant
      },
    ): Promise<boolean> =>
      (await table.update(
        segmentKey(read.accountId, read.start),
        Object.entries(outcome).map(([name, value]) => ({ set: name, to: value })),
        [{ path: 'closedAt', equals: NOT_CLOSED }],
      )) !== undefined,
  }
}

/** `closedAt` is stored as 0 while the segment is open, so that a condition can name it. */
const NOT_CLOSED = 0
const parseSegment = (item: Item): Segment =>
  z.parse(segmentSchema, { ...item, closedAt: item.closedAt === NOT_CLOSED ? null : item.closedAt })
