import fc from 'fast-check'
import type { AccessRecord, UsageEvent } from '#api/contract'
import { derivedId } from '#kernel/ids'
import { HOUR_MS, type Instant, instant, parseInstant } from '#kernel/time'
import type { LedgerRecords } from '../../domain/fold.ts'

/** Builders and random records for tests of the ledger. Everything happens within `HOURS` hours from `NOON`. */
export const NOON: Instant = parseInstant('2026-11-22T12:00:00Z')
export const HOURS = 3

export const accountId = (name: string): string => derivedId('acct', name)
export const keyId = (name: string): string => derivedId('key', name)
export const ACCOUNT = accountId('one')

export const usageEvent = (change: Partial<UsageEvent> & { readonly id: string }): UsageEvent => ({
  ...{ account: ACCOUNT, key: keyId('a'), route: 'POST /v1/phone', units: 1, status: 200 },
  ...{ usedAt: NOON, durationMs: 12 },
  ...change,
})

export const accessRecord = (change: Partial<AccessRecord> & { readonly id: string }): AccessRecord => ({
  ...{ account: ACCOUNT, key: keyId('a'), route: 'POST /{proxy+}', status: 429, usedAt: NOON },
  ...change,
})

/** True requests: each has one id, one time, and a usage event, an access record or both. */
export const arbitraryRecords = (accounts: readonly string[] = [ACCOUNT]): fc.Arbitrary<LedgerRecords> =>
  fc
    .uniqueArray(arbitraryRequest(accounts), { selector: request => request.id, maxLength: 40 })
    .map(requests => ({
      usage: requests.flatMap(({ served, status, units, ...request }) =>
        served ? [usageEvent({ ...request, status: served, units })] : [],
      ),
      access: requests.flatMap(({ served: _, units: __, ...request }) =>
        request.status >= 400 ? [accessRecord(request)] : [],
      ),
    }))

const arbitraryRequest = (accounts: readonly string[]) =>
  fc.record({
    id: fc.integer({ min: 0, max: 60 }).map(n => `request-${n}`),
    account: fc.constantFrom(...accounts),
    key: fc.constantFrom(keyId('a'), keyId('b')),
    route: fc.constantFrom('POST /v1/phone', 'POST /v1/batch'),
    /** What the function answered; null: it was not reached or died. */
    served: fc.constantFrom(200, 200, 200, 207, 422, 429, 500, null),
    /** What the client saw. */
    status: fc.constantFrom(200, 200, 402, 403, 422, 429, 500, 502, 504),
    units: fc.integer({ min: 0, max: 100 }),
    usedAt: fc.integer({ min: 0, max: HOURS * HOUR_MS - 1 }).map(ms => instant(NOON + ms)),
  })

/** The same records cut into deliveries that repeat, overlap and come in any order. */
export const arbitraryDeliveries = (records: LedgerRecords): fc.Arbitrary<LedgerRecords[]> => {
  const lines = [
    ...records.usage.map(event => ({ usage: [event], access: [] })),
    ...records.access.map(record => ({ usage: [], access: [record] })),
  ]
  const merge = (parts: readonly LedgerRecords[]): LedgerRecords => ({
    usage: parts.flatMap(part => part.usage),
    access: parts.flatMap(part => part.access),
  })
  if (lines.length === 0) return fc.constant([])
  return fc
    .array(fc.array(fc.constantFrom(...lines), { maxLength: 12 }), { maxLength: 8 })
    .chain(some =>
      fc.shuffledSubarray([...some, lines.slice(0, 20), lines.slice(20)], { minLength: some.length + 2 }),
    )
    .map(deliveries => deliveries.map(merge))
}
