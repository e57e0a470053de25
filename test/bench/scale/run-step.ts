import { duckdb, writeCsv } from './duckdb.ts'
import { foldEvents, foldMemory, foldTotals } from './fold.ts'
import type { Step } from './place.ts'
import { record } from './record.ts'
import { rollUpMonth } from './roll-up.ts'

/** A step in a process of its own, so that its peak memory is its own: `run-step.ts <step> <dir> <events> <accounts>`. */
export const STEPS = {
  'write-csv': writeCsv,
  record,
  'roll-up': rollUpMonth,
  'fold-events': foldEvents,
  'fold-totals': foldTotals,
  'fold-memory': foldMemory,
  duckdb,
} satisfies Record<string, Step>
export type StepName = keyof typeof STEPS

const isStep = (name: string | undefined): name is StepName =>
  name !== undefined && Object.hasOwn(STEPS, name)

if (process.send) {
  const [name, dir = '', events, accounts] = process.argv.slice(2)
  if (!isStep(name)) throw new Error(`no such step: ${name}`)
  process.send(await STEPS[name]({ dir, traffic: { events: Number(events), accounts: Number(accounts) } }))
  process.disconnect()
}
