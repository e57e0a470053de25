import type { Step } from '../run-step.ts'
import { logged } from './close-log.ts'
import { collectInvoice } from './collect-invoice.ts'
import { compareAndNote } from './compare-and-note.ts'
import { creditInvoice } from './credit-invoice.ts'
import { failClose } from './fail-close.ts'
import { finalizeInvoice } from './finalize-invoice.ts'
import { holdInvoice } from './hold-invoice.ts'
import { proveInvoice } from './prove-invoice.ts'
import { recordClose } from './record-close.ts'
import { reportFinal } from './report-final.ts'
import { settleSummary } from './settle-summary.ts'
import type { ClosePorts, CloseState } from './state.ts'

export type CloseStep =
  | ('hold' | 'report' | 'settle' | 'finalize' | 'compare')
  | ('credit' | 'collect' | 'record' | 'prove' | 'fail')

/** Each leaves a note of what came of it in the close's history. */
export function closeSteps(ports: ClosePorts): Readonly<Record<CloseStep, Step<CloseState>>> {
  const step = (name: CloseStep, run: Step<CloseState>) => logged(ports.billing, name, run)
  return {
    hold: step('hold', (state, now) => holdInvoice(ports, state, now)),
    report: step('report', (state, now) => reportFinal(ports, state, now)),
    settle: step('settle', state => settleSummary(ports, state)),
    finalize: step('finalize', state => finalizeInvoice(ports, state)),
    compare: step('compare', state => compareAndNote(ports, state)),
    credit: step('credit', state => creditInvoice(ports, state)),
    collect: step('collect', state => collectInvoice(ports, state)),
    record: step('record', (state, now) => recordClose(ports, state, now)),
    prove: step('prove', state => proveInvoice(ports, state)),
    fail: step('fail', state => failClose(ports, state)),
  }
}
