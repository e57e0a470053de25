import type { Step } from '../run-step.ts'
import { announceChange } from './announce-change.ts'
import { entitleChange } from './entitle-change.ts'
import { loadChange } from './load-change.ts'
import type { ChangePorts, ChangeState } from './state.ts'
import { switchPlan } from './switch-plan.ts'

export type ChangeStep = 'load' | 'switch' | 'entitle' | 'announce'

export const changeSteps = (ports: ChangePorts): Readonly<Record<ChangeStep, Step<ChangeState>>> => ({
  load: state => loadChange(ports, state),
  switch: (state, now) => switchPlan(ports, state, now),
  entitle: (state, now) => entitleChange(ports, state, now),
  announce: (state, now) => announceChange(ports, state, now),
})
