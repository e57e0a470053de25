import { type ThrottleLimit, takeToken } from '../../../http-front/token-bucket.ts'
import type { Gateway } from '../gateway.ts'
import { visible } from '../versions.ts'
import { type Exchange, Refusal } from './exchange.ts'
import type { RouteMatch } from './match-route.ts'

export type Caller = { readonly keyId: string; readonly keyValue: string; readonly planId: string }

/**
 * Finds the caller's key and plan as the data plane sees them. Unknown, disabled, not yet propagated, or in no plan
 * of this API stage: INVALID_API_KEY.
 */
export function identifyCaller(gateway: Gateway, exchange: Exchange, keyValue: string | undefined): Caller {
  const { dataPlane } = gateway.state
  const now = gateway.cloud.clock.now()
  const key = keyValue === undefined ? undefined : visible(dataPlane.keys, keyValue, now)
  if (keyValue === undefined || !key?.enabled) throw new Refusal('INVALID_API_KEY')
  exchange.context.set('identity.apiKey', keyValue)
  exchange.context.set('identity.apiKeyId', key.id)
  const planId = (visible(dataPlane.keyPlans, key.id, now) ?? []).find(id =>
    visible(dataPlane.plans, id, now)?.apiStages.some(
      stage => stage.apiId === exchange.api.id && stage.stage === exchange.stage.name,
    ),
  )
  if (planId === undefined) throw new Refusal('INVALID_API_KEY')
  return { keyId: key.id, keyValue, planId }
}

/**
 * Takes a token from the key's bucket in its plan, then from the stage's, then from the account's; THROTTLED when one is
 * empty. An accepted request counts as used, whatever becomes of it.
 */
export function admit(
  gateway: Gateway,
  exchange: Exchange,
  match: RouteMatch,
  caller: Caller | undefined,
): void {
  if (caller !== undefined) throttleKey(gateway, caller)
  throttleStage(gateway, exchange, match)
  if (!gateway.accountThrottle()) throw new Refusal('THROTTLED')
  if (caller !== undefined) countUse(gateway, caller, exchange.arrivedAt)
}

function throttleKey(gateway: Gateway, { planId, keyId }: Caller): void {
  const { state } = gateway
  const plan = visible(state.dataPlane.plans, planId, gateway.cloud.clock.now())
  if (plan?.throttle === undefined || take(gateway, planBucket(planId, keyId), plan.throttle)) return
  const name = `${planId}/${keyId}`
  state.throttled.set(name, (state.throttled.get(name) ?? 0) + 1)
  throw new Refusal('THROTTLED')
}

/** The name of a key's bucket in its plan. */
export const planBucket = (planId: string, keyId: string): string => `plan ${planId} ${keyId}`

function throttleStage(gateway: Gateway, exchange: Exchange, match: RouteMatch): void {
  const { throttles } = exchange.stage
  if (throttles.size === 0) return
  const { path } = match.resource
  const { httpMethod } = match.method
  const names = [`${httpMethod} ${path}`, `* ${path}`, `${httpMethod} /*`, '* /*']
  const name = names.find(candidate => throttles.has(candidate))
  const limit = name === undefined ? undefined : throttles.get(name)
  if (limit === undefined) return
  const allowed = take(gateway, `stage ${exchange.api.id} ${exchange.stage.name} ${name}`, limit)
  if (!allowed) throw new Refusal('THROTTLED')
}

function take(gateway: Gateway, name: string, limit: ThrottleLimit): boolean {
  const { buckets } = gateway.state
  const { allowed, bucket } = takeToken(buckets.get(name), limit, gateway.cloud.clock.now())
  buckets.set(name, bucket)
  return allowed
}

function countUse(gateway: Gateway, caller: Caller, arrivedAt: number): void {
  const name = `${caller.planId}/${caller.keyId}`
  const days = gateway.state.usage.get(name) ?? new Map<string, number>()
  const day = new Date(arrivedAt).toISOString().slice(0, 10)
  days.set(day, (days.get(day) ?? 0) + 1)
  gateway.state.usage.set(name, days)
}
