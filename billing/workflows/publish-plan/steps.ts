import type { Step } from '../run-step.ts'
import { ensureLimits } from './ensure-limits.ts'
import { makePrices } from './make-prices.ts'
import { publishVersion } from './publish-version.ts'
import type { PublishPorts, PublishState } from './state.ts'

export type PublishStep = 'stripe' | 'limits' | 'catalogue'

export const publishSteps = (ports: PublishPorts): Readonly<Record<PublishStep, Step<PublishState>>> => ({
  stripe: state => makePrices(ports, state),
  limits: (state, now) => ensureLimits(ports, state, now),
  catalogue: (state, now) => publishVersion(ports, state, now),
})
