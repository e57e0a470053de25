import { billingContract } from '#billing/contract'
import { now } from '#kernel/clock'
import { serve } from '#kernel/rpc'
import { changeHandlers } from './procedures/changes/index.ts'
import { closeHandlers } from './procedures/closes/index.ts'
import { createBillingDeps } from './procedures/create-deps.ts'
import { getInvoice } from './procedures/get-invoice.ts'
import { getSubscription } from './procedures/get-subscription.ts'
import { getUsage } from './procedures/get-usage.ts'
import { keyUsage } from './procedures/key-usage.ts'
import { limitHandlers } from './procedures/limits/index.ts'
import { listAudit } from './procedures/list-audit.ts'
import { listInvoices } from './procedures/list-invoices.ts'
import { listRequests } from './procedures/list-requests.ts'
import { openBillingPortal } from './procedures/open-billing-portal.ts'
import { paymentHandlers } from './procedures/payments/index.ts'
import { planHandlers } from './procedures/plans/index.ts'
import { listPlans } from './procedures/plans/list-plans.ts'
import { startCheckout } from './procedures/start-checkout.ts'

const deps = createBillingDeps(now)

/** Billing's procedures. */
export const handler = serve(billingContract, {
  listPlans: listPlans(deps),
  getSubscription: getSubscription(deps),
  getUsage: getUsage(deps),
  listRequests: listRequests(deps),
  keyUsage: keyUsage(deps),
  startCheckout: startCheckout(deps),
  openBillingPortal: openBillingPortal(deps),
  listAudit: listAudit(deps),
  listInvoices: listInvoices(deps),
  getInvoice: getInvoice(deps),
  ...changeHandlers(deps),
  ...paymentHandlers(deps),
  ...closeHandlers(deps),
  ...planHandlers(deps),
  ...limitHandlers(deps),
})
