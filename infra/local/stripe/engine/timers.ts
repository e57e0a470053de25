import { expireWhenDue } from './checkout/expire-session.ts'
import { expireGrantWhenDue } from './credits/credit-grant.ts'
import type { Engine, TimerKind } from './engine.ts'
import { collectWhenDue } from './invoices/collect-invoice.ts'
import { finalizeWhenDue } from './invoices/finalize-when-due.ts'
import { aggregateUsage } from './meters/aggregate-usage.ts'
import { reportMeterErrors } from './meters/report-meter-errors.ts'
import { expireIncomplete } from './subscriptions/expire-incomplete.ts'
import { renewWhenDue } from './subscriptions/renew-subscription.ts'
import { retryDelivery } from './webhooks/deliver-events.ts'

/**
 * What happens by itself. Every timer looks at the state and does what is due, so one that comes twice, or for something
 * that has changed since, is harmless. `dueAt` in milliseconds.
 */
export const TIMERS: Readonly<Record<TimerKind, (engine: Engine, subject: string, dueAt: number) => void>> = {
  'aggregate-usage': aggregateUsage,
  'collect-invoice': collectWhenDue,
  'expire-checkout-session': expireWhenDue,
  'expire-credit-grant': expireGrantWhenDue,
  'expire-subscription': expireIncomplete,
  'finalize-invoice': finalizeWhenDue,
  'renew-subscription': renewWhenDue,
  'report-meter-errors': reportMeterErrors,
  'retry-webhook': retryDelivery,
}
