import type { GetUsageRequest } from '@aws-sdk/client-api-gateway'
import { badRequest } from '../errors.ts'
import { type ControlOperation, type Gateway, present } from '../gateway.ts'
import { paginate } from '../paginate.ts'
import { findPlan } from './find.ts'

const DAY_MS = 86_400_000

/** The body on the wire; the SDK calls `values` `items`. Per key one `[used, remaining]` a day. */
type WireUsage = {
  readonly usagePlanId: string
  readonly startDate: string
  readonly endDate: string
  readonly position?: string
  readonly values: Record<string, [used: number, remaining: number][]>
}

/** Accepted requests per key and UTC day. Plans have no quota here, so `remaining` is always 0. */
export const getUsage: ControlOperation<GetUsageRequest, WireUsage> = {
  method: 'GET',
  path: '/usageplans/{usageplanId}/usage',
  parameters: {
    usagePlanId: { wire: 'usageplanId', type: 'string', required: true },
    keyId: { type: 'string' },
    startDate: { type: 'string', required: true },
    endDate: { type: 'string', required: true },
    position: { type: 'string' },
    limit: { type: 'number' },
  },
  run(gateway, input) {
    const plan = findPlan(gateway, input.usagePlanId)
    const startDate = input.startDate ?? ''
    const endDate = input.endDate ?? ''
    const days = daysBetween(startDate, endDate)
    const keyIds = keysOf(gateway, plan.id).filter(id => input.keyId === undefined || id === input.keyId)
    const page = paginate(
      keyIds.map(id => ({ id })),
      input,
    )
    const values = Object.fromEntries(page.items.map(({ id }) => [id, countsOf(gateway, plan.id, id, days)]))
    return present({ usagePlanId: plan.id, startDate, endDate, position: page.position, values })
  },
}

/** Keys in the plan, and keys that were: their usage stays. */
export function keysOf(gateway: Gateway, planId: string): string[] {
  const used = [...gateway.state.usage.keys()].flatMap(name => {
    const [ownerId, keyId] = name.split('/')
    return ownerId === planId && keyId !== undefined ? [keyId] : []
  })
  return [...new Set([...(gateway.state.planKeys.get(planId) ?? []), ...used])]
}

function countsOf(
  gateway: Gateway,
  planId: string,
  keyId: string,
  days: readonly string[],
): [number, number][] {
  const counts = gateway.state.usage.get(`${planId}/${keyId}`)
  return days.map(day => [counts?.get(day) ?? 0, 0])
}

/** Both ends included. */
function daysBetween(startDate: string, endDate: string): string[] {
  const start = dayStart(startDate)
  const end = dayStart(endDate)
  if (end < start) throw badRequest('Usage Plan end date must not be before the start date')
  const count = Math.floor((end - start) / DAY_MS) + 1
  if (count > 366) throw badRequest('Usage Plan date range is too long')
  return Array.from({ length: count }, (_, index) =>
    new Date(start + index * DAY_MS).toISOString().slice(0, 10),
  )
}

function dayStart(date: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(time)) throw badRequest(`Invalid date specified: ${date}`)
  return time
}
