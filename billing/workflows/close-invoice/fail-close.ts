import { noteOnInvoice } from '../../stripe/invoice-record.ts'
import { holdWork } from '../work-item.ts'
import { listAsHeld } from './close-log.ts'
import type { ClosePorts, CloseState } from './state.ts'

/**
 * Notes why a close stopped. A held one waits for an administrator; any other failure is taken over by the next
 * attempt.
 */
export async function failClose(ports: ClosePorts, state: CloseState): Promise<CloseState> {
  if (state.error?.Error !== 'CloseHeld') return state
  await listAsHeld(ports.billing, state)
  await holdWork(ports.billing, 'close-invoice', state.invoiceId)
  await noteOnInvoice(ports.billing, state, {
    close: 'held',
    ...(state.error?.Cause && { reason: messageOf(state.error.Cause) }),
  })
  return state
}

/** `Cause` is the JSON that Lambda makes of an error; its stack does not belong in a record. */
function messageOf(cause: string): string {
  try {
    const parsed: unknown = JSON.parse(cause)
    if (typeof parsed === 'object' && parsed && 'errorMessage' in parsed) return String(parsed.errorMessage)
  } catch {
    // Not JSON: a cause that Step Functions wrote itself.
  }
  return cause.slice(0, 500)
}
