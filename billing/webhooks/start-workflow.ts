import type { StripeNotification } from '#billing/contract'
import type { Instant } from '#kernel/time'
import type { Started } from '../workflows/start-work.ts'
import type { Route, StarterPorts } from './route.ts'
import { closeDraft } from './routes/close-draft.ts'
import { collectPayment, recoverPayment } from './routes/collect-payment.ts'
import { followDispute } from './routes/follow-dispute.ts'
import { followSchedule } from './routes/follow-schedule.ts'
import { forgetCheckout } from './routes/forget-checkout.ts'
import { liftDefaultCap } from './routes/lift-default-cap.ts'
import { meterError } from './routes/meter-error.ts'
import { noteRefund } from './routes/note-refund.ts'
import { followChange, switchOnSession } from './routes/switch-on.ts'

/** What each type of event leads to. Everything else is left alone. */
export const ROUTES: Readonly<Record<string, readonly Route[]>> = {
  'invoice.created': [closeDraft],
  'invoice.paid': [liftDefaultCap, recoverPayment],
  'invoice.voided': [recoverPayment],
  'invoice.marked_uncollectible': [recoverPayment],
  'invoice.payment_failed': [collectPayment],
  'invoice.payment_action_required': [collectPayment],
  'charge.refunded': [noteRefund],
  'charge.dispute.created': [followDispute],
  'charge.dispute.updated': [followDispute],
  'charge.dispute.closed': [followDispute],
  'v1.billing.meter.error_report_triggered': [meterError],
  'v1.billing.meter.no_meter_found': [meterError],
  'checkout.session.completed': [switchOnSession],
  'checkout.session.expired': [forgetCheckout],
  'customer.subscription.created': [followChange],
  'customer.subscription.updated': [followChange],
  'customer.subscription.deleted': [followChange],
  'subscription_schedule.updated': [followSchedule],
  'subscription_schedule.released': [followSchedule],
  'subscription_schedule.canceled': [followSchedule],
}

/**
 * Takes a notification down all its routes. One that fails does not stop the others; the notification is then delivered
 * again, and what was done is found done.
 */
export async function startWorkflow(
  ports: StarterPorts,
  { type, objectId }: Pick<StripeNotification, 'type' | 'objectId'>,
  now: Instant,
): Promise<readonly Started[]> {
  const routes = Object.hasOwn(ROUTES, type) ? (ROUTES[type] ?? []) : []
  if (!objectId) return []
  const outcomes = await Promise.allSettled(routes.map(route => route(ports, objectId, now)))
  const failed = outcomes.filter(outcome => outcome.status === 'rejected')
  if (failed.length === 1) throw failed[0]?.reason
  if (failed.length > 1)
    throw new AggregateError(
      failed.map(({ reason }) => reason),
      `${failed.length} routes of ${type} failed`,
    )
  return outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []))
}
