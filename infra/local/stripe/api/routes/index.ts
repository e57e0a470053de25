import type { ApiRoute } from '../router.ts'
import { billingRoutes } from './billing.ts'
import { catalogueRoutes } from './catalogue.ts'
import { checkoutRoutes } from './checkout.ts'
import { customerRoutes } from './customers.ts'
import { eventRoutes } from './events.ts'
import { invoiceRoutes } from './invoices.ts'
import { moneyRoutes } from './money.ts'
import { subscriptionRoutes } from './subscriptions.ts'

/** Every endpoint of the v1 namespace; anything else is refused by name. */
export const v1Routes: readonly ApiRoute[] = [
  ...customerRoutes,
  ...catalogueRoutes,
  ...billingRoutes,
  ...checkoutRoutes,
  ...subscriptionRoutes,
  ...invoiceRoutes,
  ...moneyRoutes,
  ...eventRoutes,
]
