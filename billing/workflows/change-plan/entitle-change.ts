import type { Instant } from '#kernel/time'
import { entitle } from '../../accounts/entitle.ts'
import { serviceCall } from '../../procedures/service-call.ts'
import { type ChangePorts, type ChangeState, changeHolder } from './state.ts'

/** Tells access. `in_force` when the new plan's limits are, `pending` while its gateway key is on the way. */
export async function entitleChange(
  ports: ChangePorts,
  state: ChangeState,
  now: Instant,
): Promise<ChangeState> {
  const { inForce } = await entitle(ports, state.accountId, serviceCall(now, changeHolder(state)))
  return { ...state, outcome: inForce ? 'in_force' : 'pending' }
}
