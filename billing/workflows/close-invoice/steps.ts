import type { Step } from '../run-step.ts'
import { collectInvoice } from './collect-invoice.ts'
import { compareAndNote } from './compare-and-note.ts'
import { failClose } from './fail-close.ts'
import { finalizeInvoice } from './finalize-invoice.ts'
import { holdInvoice } from './hold-invoice.ts'
import { recordClose } from './record-close.ts'
import { reportFinal } from './report-final.ts'
import { settleSummary } from './settle-summary.ts'
import type { ClosePorts, CloseState } from './state.ts'

export type CloseStep = 'hold' | 'report' | 'settle' | 'finalize' | 'compare' | 'collect' | 'record' | 'fail'

export const closeSteps = (ports: ClosePorts): Readonly<Record<CloseStep, Step<CloseState>>> => ({
  hold: (state, now) => holdInvoice(ports, state, now),
  report: (state, now) => reportFinal(ports, state, now),
  settle: state => settleSummary(ports, state),
  finalize: state => finalizeInvoice(ports, state),
  compare: state => compareAndNote(ports, state),
  collect: state => collectInvoice(ports, state),
  record: (state, now) => recordClose(ports, state, now),
  fail: state => failClose(ports, state),
})
