import type { UsagePlan as SdkUsagePlan, UpdateUsagePlanRequest } from '@aws-sdk/client-api-gateway'
import { UnsupportedError } from '../../../contract.ts'
import { badRequest, conflict, notFound } from '../errors.ts'
import type { ControlOperation, Gateway, Wire } from '../gateway.ts'
import type { UsagePlan } from '../state.ts'
import { refuseSharedStage } from './create-usage-plan-key.ts'
import { findPlan } from './find.ts'
import { type Patch, readPatches, refusePatch } from './patch.ts'
import { readApiStage, readThrottle } from './usage-plan-settings.ts'
import { storePlan, usagePlanView } from './usage-plan-view.ts'

export const updateUsagePlan: ControlOperation<UpdateUsagePlanRequest, Wire<SdkUsagePlan>> = {
  method: 'PATCH',
  path: '/usageplans/{usageplanId}',
  parameters: {
    usagePlanId: { wire: 'usageplanId', type: 'string', required: true },
    patchOperations: { type: 'list' },
  },
  run(gateway, input) {
    const before = findPlan(gateway, input.usagePlanId)
    const plan = readPatches(input.patchOperations).reduce(
      (current, patch) => apply(gateway, current, patch),
      before,
    )
    for (const keyId of gateway.state.planKeys.get(plan.id) ?? []) refuseSharedStage(gateway, plan, keyId)
    storePlan(gateway, plan)
    return usagePlanView(plan)
  },
}

function apply(gateway: Gateway, plan: UsagePlan, patch: Patch): UsagePlan {
  if (patch.path.startsWith('/quota')) throw new UnsupportedError('usage plan quotas')
  switch (`${patch.op} ${patch.path}`) {
    case 'replace /name':
      return { ...plan, name: patch.value ?? '' }
    case 'replace /description':
      return { ...plan, description: patch.value ?? '' }
    case 'add /throttle/rateLimit':
    case 'replace /throttle/rateLimit':
      return withThrottle(plan, { rateLimit: numberOf(patch) })
    case 'add /throttle/burstLimit':
    case 'replace /throttle/burstLimit':
      return withThrottle(plan, { burstLimit: numberOf(patch) })
    case 'remove /throttle': {
      const { throttle: _removed, ...rest } = plan
      return rest
    }
    case 'add /apiStages':
      return addStage(gateway, plan, patch)
    case 'remove /apiStages':
      return removeStage(plan, patch)
    default:
      return refusePatch('UpdateUsagePlan', patch)
  }
}

function withThrottle(plan: UsagePlan, change: { rateLimit?: number; burstLimit?: number }): UsagePlan {
  const throttle = readThrottle({ ...plan.throttle, ...change })
  return throttle === undefined ? plan : { ...plan, throttle }
}

function numberOf(patch: Patch): number {
  const value = Number(patch.value)
  if (patch.value === undefined || patch.value === '' || Number.isNaN(value)) {
    throw badRequest(`Invalid value for ${patch.path}`)
  }
  return value
}

function addStage(gateway: Gateway, plan: UsagePlan, patch: Patch): UsagePlan {
  const [apiId, name] = (patch.value ?? '').split(':')
  const stage = readApiStage(gateway, apiId, name)
  if (plan.apiStages.some(other => other.apiId === stage.apiId && other.stage === stage.stage)) {
    throw conflict('API stage is already associated with this Usage Plan')
  }
  return { ...plan, apiStages: [...plan.apiStages, stage] }
}

function removeStage(plan: UsagePlan, patch: Patch): UsagePlan {
  const apiStages = plan.apiStages.filter(stage => `${stage.apiId}:${stage.stage}` !== patch.value)
  if (apiStages.length === plan.apiStages.length) throw notFound('Invalid API stage specified')
  return { ...plan, apiStages }
}
