import type { billingContract } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { checkAndKeep, type DriftDeps } from '../../plans/check-drift.ts'
import { refuseNonAdmin } from '../authorise.ts'

export const adminCheckDrift =
  (deps: DriftDeps): Handlers<typeof billingContract>['adminCheckDrift'] =>
  async (_input, call) =>
    refuseNonAdmin(call) ?? ok(await checkAndKeep(deps, call))
