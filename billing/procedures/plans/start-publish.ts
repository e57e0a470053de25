import type { PlanDefinition } from '#billing/contract'
import type { Instant } from '#kernel/time'
import type { Executions } from '../../workflows/executions.ts'
import { type Started, startWork } from '../../workflows/start-work.ts'
import type { BillingDeps } from '../deps.ts'

export type PublishOrder = {
  readonly definition: PlanDefinition
  readonly currency: string
  readonly unit: string
  readonly planVersionId: string
  readonly version: number
  /** Removed once it is published. */
  readonly draftRevision?: number
}

/** Starts `publish-plan` for one version; a version that is being published is not started twice. */
export const startPublish = (
  { billing, env }: Pick<BillingDeps, 'billing' | 'env'>,
  executions: Executions,
  order: PublishOrder,
  now: Instant,
): Promise<Started> =>
  startWork(
    billing,
    executions,
    {
      machine: 'publish-plan',
      machineArn: env.PUBLISH_PLAN_MACHINE,
      object: order.planVersionId,
      subject: order.planVersionId.replace('@', '-v'),
      input: order,
    },
    now,
  )
