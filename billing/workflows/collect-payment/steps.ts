import type { Instant } from '#kernel/time'
import { publishDunning } from '../../payments/dunning-record.ts'
import { collectExecution, collectOwner } from '../../payments/start-collecting.ts'
import type { Step } from '../run-step.ts'
import { blockAccount } from './block-account.ts'
import { cancelSubscription } from './cancel-subscription.ts'
import { recoverPayment } from './recover-payment.ts'
import { type CollectPorts, type CollectState, type Looked, lookAtInvoice, outcomeOf } from './state.ts'
import { tellCustomer } from './tell-customer.ts'

export type CollectStep = 'look' | 'tell' | 'block' | 'cancel' | 'recover'

export const collectSteps = (ports: CollectPorts): Readonly<Record<CollectStep, Step<CollectState>>> => ({
  look: (state, now) => look(ports, state, now),
  tell: (state, now) => act(ports, state, now, tellCustomer),
  block: (state, now) => act(ports, state, now, blockAccount),
  cancel: (state, now) => act(ports, state, now, cancelSubscription),
  recover: (state, now) => act(ports, state, now, recoverPayment),
})

/** Looks at the invoice and says what follows; a later attempt ends this one, and it ends the one before. */
async function look(ports: CollectPorts, state: CollectState, now: Instant): Promise<CollectState> {
  const { invoiceId, attempt } = state
  const owner = await collectOwner(ports.billing, invoiceId)
  if (owner !== null && owner !== collectExecution(invoiceId, attempt))
    return { ...state, outcome: 'superseded' }
  if (attempt > 1)
    await ports.stopExecution(collectExecution(invoiceId, attempt - 1), `taken over by attempt ${attempt}`)
  const looked = await lookAtInvoice(ports, state, now)
  return looked ? outcomeOf(state, looked.action) : { ...state, outcome: 'rest' }
}

/**
 * One effect: decided anew right before it, because the invoice may have been paid since the last look. What was
 * announced by an earlier effect is out before the next one is written.
 */
async function act(
  ports: CollectPorts,
  state: CollectState,
  now: Instant,
  effect: (ports: CollectPorts, looked: Looked, now: Instant, requestId: string) => Promise<void>,
): Promise<CollectState> {
  await publishDunning(ports.billing, ports.publish, state)
  const looked = await lookAtInvoice(ports, state, now)
  if (looked) await effect(ports, looked, now, collectExecution(state.invoiceId, state.attempt))
  await publishDunning(ports.billing, ports.publish, state)
  return { ...state, outcome: 'acted' }
}
