import type { limitProcedures } from '#billing/contract'
import { createInvoke } from '#kernel/invoke'
import type { Handlers } from '#kernel/rpc'
import { readRedriveConfig } from '../../config.ts'
import { createDeadLetters } from '../../ledger/dead-letters.ts'
import type { RedrivePorts } from '../../ledger/redrive.ts'
import { createSqs } from '../../ledger/sqs.ts'
import type { BillingDeps } from '../deps.ts'
import { adminListDeadLetters, adminRedrive } from './dead-letters.ts'
import { getLimits } from './get-limits.ts'
import { previewSpendCap } from './preview-spend-cap.ts'
import { adminGetReconciliation, adminListReconciliations } from './reconciliations.ts'
import { setKeyCap } from './set-key-cap.ts'
import { setSpendCap } from './set-spend-cap.ts'

export const limitHandlers = (
  deps: BillingDeps,
  redrivePorts: () => RedrivePorts = createRedrivePorts,
): Handlers<typeof limitProcedures> => ({
  getLimits: getLimits(deps),
  previewSpendCap: previewSpendCap(deps),
  setSpendCap: setSpendCap(deps),
  setKeyCap: setKeyCap(deps),
  adminListReconciliations: adminListReconciliations(deps, redrivePorts),
  adminGetReconciliation: adminGetReconciliation(deps),
  adminListDeadLetters: adminListDeadLetters(redrivePorts),
  adminRedrive: adminRedrive(deps, redrivePorts),
})

/** Made at the first use: only these procedures need it. */
function createRedrivePorts(): RedrivePorts {
  const env = readRedriveConfig()
  return {
    letters: createDeadLetters(env.DEAD_LETTERS_URL, createSqs()),
    recordUsage: createInvoke(env.RECORD_USAGE_FUNCTION),
  }
}
