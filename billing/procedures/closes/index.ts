import type { closeProcedures } from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import { createStripeAdapter } from '../../stripe/adapter.ts'
import { createExecutions } from '../../workflows/executions.ts'
import type { BillingDeps } from '../deps.ts'
import { adminGetClose } from './admin-get-close.ts'
import { adminListCloses } from './admin-list-closes.ts'
import { explainInvoice } from './explain-invoice.ts'
import { getProofFiles } from './get-proof-files.ts'
import { listRemainders } from './list-remainders.ts'
import { type RepairDeps, repairClose } from './repair-close.ts'

export function closeHandlers(deps: BillingDeps): Handlers<typeof closeProcedures> {
  const closes: RepairDeps = {
    ...deps,
    stripe: createStripeAdapter(deps.stripe),
    executions: createExecutions(),
    machines: { closeInvoice: deps.env.CLOSE_INVOICE_MACHINE },
  }
  return {
    explainInvoice: explainInvoice(deps),
    getProofFiles: getProofFiles(deps),
    listRemainders: listRemainders(deps),
    adminListCloses: adminListCloses(deps),
    adminGetClose: adminGetClose(closes),
    adminRetryClose: repairClose(closes, 'retry'),
    adminCreditClose: repairClose(closes, 'credit'),
    adminAcceptClose: repairClose(closes, 'accept'),
    adminWaiveClose: repairClose(closes, 'waive'),
  }
}
