import type { paymentProcedures } from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import type { BillingDeps } from '../deps.ts'
import { adminGetAccount, adminListAccounts } from './admin-accounts.ts'
import { adminApplyCoupon, adminRemoveCoupon } from './admin-coupon.ts'
import { adminGrantCredit } from './admin-grant-credit.ts'
import { adminPreviewRefund, adminRefund } from './admin-refund.ts'
import { adminSuspend, adminUnsuspend } from './admin-suspend.ts'
import { adminVoidCredit } from './admin-void-credit.ts'
import { getPayments } from './get-payments.ts'

export const paymentHandlers = (deps: BillingDeps): Handlers<typeof paymentProcedures> => ({
  getPayments: getPayments(deps),
  adminListAccounts: adminListAccounts(deps),
  adminGetAccount: adminGetAccount(deps),
  adminGrantCredit: adminGrantCredit(deps),
  adminVoidCredit: adminVoidCredit(deps),
  adminApplyCoupon: adminApplyCoupon(deps),
  adminRemoveCoupon: adminRemoveCoupon(deps),
  adminRefund: adminRefund(deps),
  adminPreviewRefund: adminPreviewRefund(deps),
  adminSuspend: adminSuspend(deps),
  adminUnsuspend: adminUnsuspend(deps),
})
