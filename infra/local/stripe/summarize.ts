import type { Engine } from './engine/engine.ts'

/** What is stored and what is still on its way, for the console. */
export function summarize(engine: Engine) {
  const { state } = engine
  const count = (table: object) => Object.keys(table).length
  return {
    now: new Date(engine.time.now()).toISOString(),
    counts: {
      customers: count(state.customers),
      products: count(state.products),
      prices: count(state.prices),
      meters: count(state.meters),
      meterEvents: Object.values(state.usage).reduce((sum, usage) => sum + usage.length, 0),
      subscriptions: count(state.subscriptions),
      invoices: count(state.invoices),
      checkoutSessions: count(state.checkoutSessions),
      events: state.events.length,
      thinEvents: state.thinEvents.length,
    },
    subscriptions: Object.values(state.subscriptions).map(({ id, customer, status }) => ({
      id,
      customer,
      status,
    })),
    invoices: Object.values(state.invoices).map(({ id, number, status, total, currency }) => ({
      id,
      number,
      status,
      total,
      currency,
    })),
    deliveries: state.deliveries.filter(delivery => delivery.status !== 'delivered'),
  }
}
