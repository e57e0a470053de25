import type { CreateUsagePlanKeyRequest, UsagePlanKey } from '@aws-sdk/client-api-gateway'
import { badRequest, conflict, limitExceeded } from '../errors.ts'
import { type ControlOperation, type Gateway, visibleAt, type Wire } from '../gateway.ts'
import type { UsagePlan } from '../state.ts'
import { publish } from '../versions.ts'
import { findKey, findPlan } from './find.ts'
import { usagePlanKeyView } from './usage-plan-key-view.ts'

/** Usage plans per API key, before an increase is asked for. */
const MAX_PLANS_PER_KEY = 10

export const createUsagePlanKey: ControlOperation<CreateUsagePlanKeyRequest, Wire<UsagePlanKey>> = {
  method: 'POST',
  path: '/usageplans/{usageplanId}/keys',
  status: 201,
  parameters: {
    usagePlanId: { wire: 'usageplanId', type: 'string', required: true },
    keyId: { type: 'string', required: true },
    keyType: { type: 'string', required: true },
  },
  run(gateway, input) {
    if (input.keyType !== 'API_KEY') throw badRequest('Invalid key type specified')
    const plan = findPlan(gateway, input.usagePlanId)
    const key = findKey(gateway, input.keyId)
    const attached = gateway.state.planKeys.get(plan.id) ?? new Set()
    if (attached.has(key.id)) throw conflict(`API Key ${key.id} is already in Usage Plan ${plan.id}`)
    refuseSharedStage(gateway, plan, key.id)
    if (plansOf(gateway, key.id).length >= MAX_PLANS_PER_KEY) {
      throw limitExceeded(`API Key ${key.id} is already in ${MAX_PLANS_PER_KEY} Usage Plans`)
    }
    gateway.state.planKeys.set(plan.id, attached.add(key.id))
    publishPlansOf(gateway, key.id)
    return usagePlanKeyView(key)
  },
}

/** A key may be in many plans but in only one per API stage. */
export function refuseSharedStage(gateway: Gateway, plan: UsagePlan, keyId: string): void {
  for (const otherId of plansOf(gateway, keyId)) {
    const other = otherId === plan.id ? undefined : gateway.state.plans.get(otherId)
    const shared = other?.apiStages.find(stage =>
      plan.apiStages.some(own => own.apiId === stage.apiId && own.stage === stage.stage),
    )
    if (shared !== undefined) {
      throw conflict(
        `API Key ${keyId} is already in Usage Plan ${otherId} for API stage ${shared.apiId}:${shared.stage}`,
      )
    }
  }
}

/** Ids of the plans that hold the key. */
export const plansOf = (gateway: Gateway, keyId: string): string[] =>
  [...gateway.state.planKeys].flatMap(([planId, keyIds]) => (keyIds.has(keyId) ? [planId] : []))

/** Lets the data plane see in which plans the key is, after the propagation time. */
export function publishPlansOf(gateway: Gateway, keyId: string): void {
  publish(gateway.state.dataPlane.keyPlans, keyId, plansOf(gateway, keyId), visibleAt(gateway))
  gateway.cloud.clock.wrote()
}
