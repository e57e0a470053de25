import { type Engine, emit } from '../engine.ts'
import { needCustomer } from '../find.ts'
import { cancelSubscription } from '../subscriptions/cancel-subscription.ts'

export type DeletedCustomer = { id: string; object: 'customer'; deleted: true }

/** Deletes a customer for good and cancels what it subscribes to: https://docs.stripe.com/api/customers/delete */
export function deleteCustomer(engine: Engine, id: string): DeletedCustomer {
  const customer = needCustomer(engine, id)
  for (const subscription of engine.state.subscriptions.values()) {
    if (subscription.customer !== id || subscription.ended_at !== null) continue
    cancelSubscription(engine, subscription.id, {})
  }
  engine.state.customers.delete(id)
  engine.state.deletedCustomers.set(id, true)
  emit(engine, 'customer.deleted', customer)
  return { id, object: 'customer', deleted: true }
}
