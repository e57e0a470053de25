import type { accessContract } from '#api/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import { refuseToSee } from './check-actor.ts'
import { readCounter, segmentOf } from './counter.ts'
import { newAccess } from './document.ts'
import type { AccessStore } from './store.ts'

/** What is in force for an account. The counter is that of `segmentStart`, else of the segment that runs now. */
export function getAccess(ports: {
  readonly store: AccessStore
  readonly table: Table
}): Handlers<typeof accessContract>['getAccess'] {
  return async ({ accountId, segmentStart }, { actor, now }) => {
    const refusal = refuseToSee(actor, accountId)
    if (refusal) return refusal
    const { entitlement, gatewayKey } = (await ports.store.load(accountId)) ?? newAccess(accountId)
    const limits = entitlement?.hardLimit ?? entitlement?.keyCaps
    const running = limits ? segmentOf(limits, now).start : undefined
    const start = segmentStart ?? running
    return ok({
      entitlement,
      gatewayKeyId: gatewayKey?.id ?? null,
      counter: start === undefined ? null : await counterAt(ports.table, accountId, start),
    })
  }
}

async function counterAt(table: Table, accountId: string, segmentStart: Instant) {
  const counter = await readCounter(table, accountId, segmentStart)
  if (!counter) return null
  const leftByKey = Object.entries(counter.k).flatMap(([keyId, { lifted, left }]) =>
    lifted ? [] : [[keyId, left]],
  )
  return {
    ...{ segmentStart, leftUnits: counter.left, settledUnits: counter.settled, takenByHour: counter.h },
    ...{ repairs: counter.repairs, leftByKey: Object.fromEntries(leftByKey) },
  }
}
