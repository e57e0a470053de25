import type { UsagePlan as SdkUsagePlan, UpdateUsagePlanRequest } from '@aws-sdk/client-api-gateway'
import { UnsupportedError } from '../../../contract.ts'
import { badRequest, conflict } from '../errors.ts'
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
    return usagePlanView(plan, { emptyTags: true })
  },
}

/** docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateUsagePlan-Patch */
const METHOD_THROTTLE = '/apiStages/<apidId:stageName>/throttle'
const SUPPORTED = {
  add: ['/apiStages'],
  remove: [
    '/apiStages',
    '/quota',
    '/throttle',
    '/productCode',
    `${METHOD_THROTTLE}/<resourcePath>/<httpMethod>`,
    METHOD_THROTTLE,
  ],
  replace: [
    '/name',
    '/description',
    '/productCode',
    '/throttle/rateLimit',
    '/throttle/burstLimit',
    '/quota/limit',
    '/quota/offset',
    '/quota/period',
    `${METHOD_THROTTLE}/<resourcePath>/<httpMethod>/rateLimit`,
    `${METHOD_THROTTLE}/<resourcePath>/<httpMethod>/burstLimit`,
  ],
}

function apply(gateway: Gateway, plan: UsagePlan, patch: Patch): UsagePlan {
  refuseUnsupported(patch)
  switch (`${patch.op} ${patch.path}`) {
    case 'replace /name':
      if (patch.value === undefined || patch.value === '') throw badRequest('Usage Plan name cannot be empty')
      return { ...plan, name: patch.value }
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
      return refusePatch(patch, SUPPORTED)
  }
}

function refuseUnsupported({ path }: Patch): void {
  if (/^\/quota(\/|$)/.test(path)) throw new UnsupportedError('usage plan quotas')
  if (path === '/productCode') throw new UnsupportedError('product codes of usage plans')
  if (/^\/apiStages\/[^/]+\/throttle(\/|$)/.test(path))
    throw new UnsupportedError('usage plan throttles per method')
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
  const [apiId, name, ...more] = (patch.value ?? '').split(':')
  if (!apiId || !name || more.length > 0) throw badRequest('Invalid API Stage specified')
  const stage = readApiStage(gateway, apiId, name)
  if (plan.apiStages.some(other => other.apiId === stage.apiId && other.stage === stage.stage)) {
    throw conflict(`API Stage ${stage.apiId}:${stage.stage} is already associated with Usage Plan ${plan.id}`)
  }
  return { ...plan, apiStages: [...plan.apiStages, stage] }
}

function removeStage(plan: UsagePlan, patch: Patch): UsagePlan {
  const apiStages = plan.apiStages.filter(stage => `${stage.apiId}:${stage.stage}` !== patch.value)
  if (apiStages.length === plan.apiStages.length) throw badRequest('Invalid API Stage specified')
  return { ...plan, apiStages }
}
