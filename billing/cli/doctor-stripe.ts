import type Stripe from 'stripe'
import { catalogueAdapter } from '../stripe/catalogue-adapter.ts'
import { callStripe } from '../stripe/failure.ts'
import type { DoctorStripe } from './doctor.ts'
import { webhookEndpoints } from './setup.ts'
import { eventDestinations } from './setup-event-destination.ts'

/** What the doctor reads, on the SDK. */
export function doctorStripe(stripe: Stripe): DoctorStripe {
  const catalogue = catalogueAdapter((what, run) => callStripe(what, () => run(stripe)))
  return {
    async account() {
      const { charges_enabled, details_submitted } = await stripe.accounts.retrieveCurrent()
      return { chargesEnabled: charges_enabled, detailsSubmitted: details_submitted }
    },

    async webhookEndpoints() {
      const [endpoints, { data }] = await Promise.all([
        webhookEndpoints(stripe).list(),
        stripe.webhookEndpoints.list({ limit: 100 }),
      ])
      const enabled = new Set(data.filter(one => one.status === 'enabled').map(({ id }) => id))
      return endpoints.map(endpoint => ({ ...endpoint, enabled: enabled.has(endpoint.id) }))
    },

    eventDestinations: () => eventDestinations(stripe).list(),

    async priceByKey(lookupKey) {
      const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 })
      return data[0] ? catalogue.readPrice(data[0].id) : null
    },

    async meterByEvent(eventName) {
      const meters = await stripe.billing.meters
        .list({ status: 'active', limit: 100 })
        .autoPagingToArray({ limit: 1_000 })
      const found = meters.find(meter => meter.event_name === eventName)
      return found ? catalogue.readMeter(found.id) : null
    },

    async portalConfigurations() {
      const { data } = await stripe.billingPortal.configurations.list({ active: true, limit: 1 })
      return data.length
    },

    taxStatus: async () => (await stripe.tax.settings.retrieve()).status,
  }
}
