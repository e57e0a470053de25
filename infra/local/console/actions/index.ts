import type { Action } from './action.ts'
import { createAdvance } from './advance.ts'
import { clearFaults, clearFaultsByForm, removeFault, removeFaultByForm, setFault } from './faults.ts'
import { redrive } from './redrive.ts'

/** Everything that can be done at the console. */
export const createActions = (): readonly Action[] => [
  createAdvance(),
  redrive,
  setFault,
  removeFault,
  clearFaults,
  removeFaultByForm,
  clearFaultsByForm,
]
