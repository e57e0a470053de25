import type { Step } from '../run-step.ts'
import { announceChange } from './announce-change.ts'
import { cancelOld, reportOld, settleOld } from './end-old.ts'
import { entitleChange } from './entitle-change.ts'
import { followRenewal, leaveSubscription } from './follow-stripe.ts'
import { loadChange } from './load-change.ts'
import { refuseUnwanted } from './refuse-unwanted.ts'
import type { ChangePorts, ChangeState } from './state.ts'
import { switchPlan } from './switch-plan.ts'

export type ChangeStep = 'load' | 'switch' | 'entitle' | 'announce' | ReplacingStep | FollowingStep
type ReplacingStep = 'report' | 'settle' | 'cancel'
type FollowingStep = 'follow' | 'leave' | 'refuse'

export const changeSteps = (ports: ChangePorts): Readonly<Record<ChangeStep, Step<ChangeState>>> => ({
  load: state => loadChange(ports, state),
  report: (state, now) => reportOld(ports, state, now),
  settle: state => settleOld(ports, state),
  cancel: (state, now) => cancelOld(ports, state, now),
  switch: (state, now) => switchPlan(ports, state, now),
  follow: (state, now) => followRenewal(ports, state, now),
  leave: (state, now) => leaveSubscription(ports, state, now),
  refuse: (state, now) => refuseUnwanted(ports, state, now),
  entitle: (state, now) => entitleChange(ports, state, now),
  announce: (state, now) => announceChange(ports, state, now),
})
