import type { Engine } from '../engine/engine.ts'

/** What is stored and what is still on its way, for the console. */
export function summarize(engine: Engine) {
  const { state } = engine
  return {
    now: new Date(engine.time.now()).toISOString(),
    counts: {
      customers: state.customers.size,
      products: state.products.size,
      prices: state.prices.size,
      meters: state.meters.size,
      meterEvents: [...state.usage.values()].reduce((sum, usage) => sum + usage.length, 0),
      subscriptions: state.subscriptions.size,
      invoices: state.invoices.size,
      checkoutSessions: state.checkoutSessions.size,
      events: state.events.length,
      thinEvents: state.thinEvents.length,
    },
    subscriptions: [...state.subscriptions.values()].map(({ id, customer, status }) => ({
      id,
      customer,
      status,
    })),
    invoices: [...state.invoices.values()].map(({ id, number, status, total, currency }) => ({
      id,
      number,
      status,
      total,
      currency,
    })),
    deliveries: [...state.deliveries.values()].filter(delivery => delivery.status !== 'delivered'),
  }
}
