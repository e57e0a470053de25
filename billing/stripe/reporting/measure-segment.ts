import * as z from 'zod/mini'
import type { PlanVersion } from '#billing/contract'
import { unitsSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import { type Instant, toIso } from '#kernel/time'
import { loadPayableUnits } from '../../accounts/cap-units.ts'
import { loadCarryOver } from '../../accounts/carry-over.ts'
import type { AccountStore } from '../../accounts/store.ts'
import type { Segment } from '../../domain/records.ts'
import { owedUnits, unitsPastCap } from '../../domain/segment.ts'
import { foldPeriod } from '../../ledger/fold-period.ts'
import type { SegmentRef } from './outbox.ts'

/** A segment in units: metered + carriedIn − carriedOut − waived = owed. */
export const measureSchema = z.object({
  meteredUnits: unitsSchema,
  carriedInUnits: z.int(),
  carriedOutUnits: z.int(),
  waivedUnits: unitsSchema,
  owedUnits: unitsSchema,
  /** Of the waived ones: by an administrator. */
  handWaivedUnits: z.optional(unitsSchema),
})
export type Measure = z.output<typeof measureSchema>

export type MeasurePorts = {
  readonly billing: Table
  readonly ledger: Table
  readonly accounts: Pick<AccountStore, 'getAccount' | 'listSegments' | 'settleSegment'>
}

/** Folds a paid segment and the closed ones before it, as the ledger is now. */
export async function measureSegment(
  ports: MeasurePorts,
  segment: Segment,
  plan: PlanVersion,
  now: Instant,
): Promise<Measure> {
  const { accountId } = segment
  const account = await ports.accounts.getAccount(accountId)
  if (!account) throw new Error(`billing does not know the account ${accountId}`)
  const carriedInUnits = await loadCarryOver(ports, accountId, now, segment.start)
  const { units } = await foldPeriod(ports.ledger, accountId, segment)
  const payableUnits = await loadPayableUnits(ports, account, plan, segment, carriedInUnits)
  return measure(units, carriedInUnits, payableUnits)
}

/** `capUnits`: the most that the segment may owe; null: any. */
export function measure(meteredUnits: number, carriedInUnits: number, capUnits: number | null): Measure {
  const waivedUnits = unitsPastCap(meteredUnits, carriedInUnits, capUnits)
  const owed = owedUnits(meteredUnits, carriedInUnits, capUnits)
  return {
    meteredUnits,
    carriedInUnits,
    carriedOutUnits: meteredUnits + carriedInUnits - waivedUnits - owed,
    waivedUnits,
    owedUnits: owed,
  }
}

const frozenKey = ({ accountId, start }: SegmentRef) => ({
  pk: `account#${accountId}`,
  sk: `frozen#${toIso(start)}`,
})

/**
 * The measure that a close works with, taken once: what arrives later is carried over. The hourly report leaves a
 * frozen segment alone, so that nothing is sent between the final difference and the finalized invoice.
 */
export async function readFrozen(billing: Table, segment: SegmentRef): Promise<Measure | undefined> {
  const item = await billing.get(frozenKey(segment))
  return item && z.parse(measureSchema, item)
}

/** Freezes a measure unless there is one; the one in force. */
export async function freeze(billing: Table, segment: SegmentRef, measured: Measure): Promise<Measure> {
  if (await billing.put({ ...measured, ...frozenKey(segment) }, isNew)) return measured
  return (await readFrozen(billing, segment)) ?? measured
}

/** Puts a measure in the place of the one in force. Only for a close that nothing works on. */
export async function refreeze(billing: Table, segment: SegmentRef, measured: Measure): Promise<void> {
  await billing.put({ ...measured, ...frozenKey(segment) })
}

/** The same measure with so many more units waived, as far as they are owed. */
export function waive(measured: Measure, units: number): Measure {
  const more = Math.min(units, measured.owedUnits)
  return {
    ...measured,
    waivedUnits: measured.waivedUnits + more,
    owedUnits: measured.owedUnits - more,
    handWaivedUnits: (measured.handWaivedUnits ?? 0) + more,
  }
}
