import { accountOfCustomer } from '../../stripe/customers.ts'
import type { InvoiceView } from '../../stripe/views.ts'
import type { StarterPorts } from '../route.ts'

export const accountOf = (
  { billing }: Pick<StarterPorts, 'billing'>,
  { customerId }: Pick<InvoiceView, 'customerId'>,
): Promise<string | undefined> => accountOfCustomer(billing, customerId)

export const loadMeteredPrices = async ({
  plans,
}: Pick<StarterPorts, 'plans'>): Promise<ReadonlySet<string>> =>
  new Set((await plans.listVersions()).flatMap(plan => plan.stripe?.meteredPriceId ?? []))

/**
 * Whether an invoice bills usage of ours. Usage shows as a line of one of our metered prices; Stripe may leave lines of
 * amount zero out, so an invoice of a cycle counts as one, too.
 */
export const billsUsage = (invoice: InvoiceView, meteredPriceIds: ReadonlySet<string>): boolean =>
  invoice.subscriptionId !== null &&
  invoice.billingReason !== 'subscription_create' &&
  (invoice.billingReason === 'subscription_cycle' ||
    invoice.lines.some(({ priceId }) => priceId !== null && meteredPriceIds.has(priceId)))
