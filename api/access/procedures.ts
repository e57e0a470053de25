import type { accessContract } from '#api/contract'
import type { Handlers } from '#kernel/rpc'
import { checkLimitSets } from './check-limit-sets.ts'
import { createKey } from './create-key.ts'
import { ensureLimitSet } from './ensure-limit-set.ts'
import { gatewayUse } from './gateway-use.ts'
import { getAccess } from './get-access.ts'
import type { KeyStage } from './key-format.ts'
import { listAudit } from './list-audit.ts'
import { listKeys } from './list-keys.ts'
import type { createAccessPorts } from './ports.ts'
import { repairCounter } from './repair-counter.ts'
import { revokeKey } from './revoke-key.ts'
import { setEntitlement } from './set-entitlement.ts'

/** The handlers behind `accessContract`. */
export const accessProcedures = (
  ports: ReturnType<typeof createAccessPorts> & { readonly keyStage: KeyStage },
): Handlers<typeof accessContract> => ({
  createKey: createKey(ports),
  listAudit: listAudit(ports),
  listKeys: listKeys(ports),
  revokeKey: revokeKey(ports),
  setEntitlement: setEntitlement(ports),
  ensureLimitSet: ensureLimitSet(ports),
  checkLimitSets: checkLimitSets(ports),
  getAccess: getAccess(ports),
  repairCounter: repairCounter(ports),
  gatewayUse: gatewayUse(ports),
})
