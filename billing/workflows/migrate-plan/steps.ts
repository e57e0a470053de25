import type { Step } from '../run-step.ts'
import { advanceMigration } from './advance.ts'
import type { MigratePorts, MigrateState } from './state.ts'

export type MigrateStep = 'advance'

export const migrateSteps = (ports: MigratePorts): Readonly<Record<MigrateStep, Step<MigrateState>>> => ({
  advance: (state, now) => advanceMigration(ports, state, now),
})
