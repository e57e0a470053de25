import type { StripeNotification } from '#billing/contract'
import type { Instant } from '#kernel/time'
import type { Started } from '../workflows/start-work.ts'
import type { Route, StarterPorts } from './route.ts'
import { closeDraft } from './routes/close-draft.ts'
import { liftDefaultCap } from './routes/lift-default-cap.ts'
import { switchOn, switchOnSession } from './routes/switch-on.ts'

/** What each type of event leads to. Everything else is left alone. */
export const ROUTES: Readonly<Record<string, readonly Route[]>> = {
  'invoice.created': [closeDraft],
  'invoice.paid': [liftDefaultCap],
  'checkout.session.completed': [switchOnSession],
  'customer.subscription.created': [switchOn],
  'customer.subscription.updated': [switchOn],
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
