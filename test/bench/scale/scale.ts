import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod/mini'
import { type Figure, grouped } from '../figures.ts'
import { totalsPath } from './place.ts'
import type { StepName } from './run-step.ts'
import type { Traffic } from './traffic.ts'

const STEPS: readonly StepName[] = [
  ...(['record', 'roll-up', 'fold-totals', 'fold-events', 'fold-memory'] as const),
  ...(['write-csv', 'duckdb'] as const),
]

/**
 * A month of calls through the ledger, roll-up and fold, against DuckDB on the same calls, each step in a process of
 * its own. Throws when two sides disagree about what any account used.
 */
export async function measureScale(traffic: Traffic): Promise<readonly Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-bench-'))
  try {
    const figures: Figure[] = []
    for (const step of STEPS) figures.push(...(await runStep(step, dir, traffic)))
    const accounts = compareTotals(dir)
    return [
      ...figures,
      ['calls, failures, units and refusals of every account', `equal, ${grouped(accounts)} accounts`],
    ]
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const RUN_STEP = fileURLToPath(new URL('run-step.ts', import.meta.url))
const figuresSchema = z.array(z.tuple([z.string(), z.string()]))

async function runStep(step: StepName, dir: string, { events, accounts }: Traffic): Promise<Figure[]> {
  const child = fork(RUN_STEP, [step, dir, String(events), String(accounts)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  let figures: unknown
  child.once('message', message => {
    figures = message
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the step ${step} failed`)
  return z.parse(figuresSchema, figures)
}

/** Number of accounts. */
function compareTotals(dir: string): number {
  const read = (name: string) => readFileSync(totalsPath(dir, name), 'utf8').split('\n')
  const expected = read('duckdb')
  for (const name of ['from-events', 'from-totals']) {
    const actual = read(name)
    const at = expected.findIndex((line, i) => line !== actual[i])
    if (at >= 0 || actual.length !== expected.length)
      throw new Error(`${name} differs from DuckDB:\n  DuckDB    ${expected[at]}\n  Tollgate  ${actual[at]}`)
  }
  return expected.filter(line => line.startsWith('acct_')).length
}
