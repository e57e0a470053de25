import type { DeleteUsagePlanRequest } from '@aws-sdk/client-api-gateway'
import { badRequest } from '../errors.ts'
import { type ControlOperation, visibleAt } from '../gateway.ts'
import { publish } from '../versions.ts'
import { detachKey } from './delete-usage-plan-key.ts'
import { findPlan } from './find.ts'

export const deleteUsagePlan: ControlOperation<DeleteUsagePlanRequest, void> = {
  method: 'DELETE',
  path: '/usageplans/{usageplanId}',
  status: 202,
  parameters: { usagePlanId: { wire: 'usageplanId', type: 'string', required: true } },
  run(gateway, input) {
    const plan = findPlan(gateway, input.usagePlanId)
    const [stage] = plan.apiStages
    if (stage !== undefined) {
      throw badRequest(
        `Cannot delete Usage Plan ${plan.id} because there are API Stages associated with it, including ${stage.apiId}:${stage.stage}`,
      )
    }
    for (const keyId of [...(gateway.state.planKeys.get(plan.id) ?? [])]) detachKey(gateway, plan.id, keyId)
    gateway.state.planKeys.delete(plan.id)
    gateway.state.plans.delete(plan.id)
    publish(gateway.state.dataPlane.plans, plan.id, undefined, visibleAt(gateway))
    gateway.cloud.clock.wrote()
  },
}
