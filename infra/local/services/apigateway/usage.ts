import { fillBucket, type ThrottleLimit } from '../../http-front/token-bucket.ts'
import { planBucket } from './data-plane/admit.ts'
import type { Gateway } from './gateway.ts'
import { keysOf } from './operations/get-usage.ts'
import type { UsagePlan } from './state.ts'

/** What a key has used of its plan, for the console. */
export type KeyUsage = {
  readonly planId: string
  readonly planName: string
  readonly keyId: string
  readonly keyName: string
  /** Accepted requests, and those that the plan's throttle refused. */
  readonly total: number
  readonly throttled: number
  /** UTC day → accepted requests. */
  readonly perDay: Readonly<Record<string, number>>
  /** Absent of a plan without a throttle. */
  readonly throttle?: ThrottleLimit & { readonly tokensLeft: number }
}

/** Every key that is in a plan or has used one. */
export const usageOf = (gateway: Gateway): KeyUsage[] =>
  [...gateway.state.plans.values()].flatMap(plan =>
    keysOf(gateway, plan.id).map(keyId => keyUsage(gateway, plan, keyId)),
  )

function keyUsage(gateway: Gateway, plan: UsagePlan, keyId: string): KeyUsage {
  const { state, cloud } = gateway
  const name = `${plan.id}/${keyId}`
  const days = [...(state.usage.get(name) ?? [])]
  const bucket = state.buckets.get(planBucket(plan.id, keyId))
  const { throttle } = plan
  return {
    planId: plan.id,
    planName: plan.name,
    keyId,
    keyName: state.keys.get(keyId)?.name ?? '',
    total: days.reduce((sum, [, count]) => sum + count, 0),
    throttled: state.throttled.get(name) ?? 0,
    perDay: Object.fromEntries(days),
    ...(throttle && {
      throttle: {
        ...throttle,
        tokensLeft: Math.floor(fillBucket(bucket, throttle, cloud.clock.now()) / 1000),
      },
    }),
  }
}
