import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { build } from '../../infra/launch.ts'

import { listStrikes, runStory, STORY_NAMES, type Strike } from './exhaustive.ts'
import { readAssembly } from './platform/assembly.ts'
import { type Outcome, runSeed } from './run.ts'

/**
 * `npm run simulate -- [--seed N] [--runs M] [--trace] [--exhaustive [--story <name>] [--at <part of a boundary's name>]]`. Exits with 1 when a run broke a promise, and
 * prints its seed and what led there.
 */
type Job =
  | { readonly kind: 'seed'; readonly seed: number }
  | { readonly kind: 'strike'; readonly strike: Strike }
type Done = Pick<Outcome, 'broken' | 'trace' | 'boundaries' | 'faults' | 'calls' | 'invoices'>

/** Few runs are not worth a second thread. */
const THREADED_FROM = 40
/** The last lines of a failed run's trace that are printed. */
const TRACE_LINES = 60

if (isMainThread) await main()
else await work(workerData as readonly Job[])

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '200' },
      trace: { type: 'boolean', default: false },
      exhaustive: { type: 'boolean', default: false },
      at: { type: 'string', default: '' },
      story: { type: 'string', default: '' },
    },
  })

  await build()
  const [first, runs] = [Number(values.seed), Number(values.runs)]
  const jobs: Job[] = values.exhaustive
    ? (await allStrikes(values.story))
        .filter(({ name }) => name.includes(values.at))
        .map(strike => ({ kind: 'strike', strike }))
    : Array.from({ length: runs }, (_, n) => ({ kind: 'seed', seed: first + n }))
  const startedAt = performance.now()
  const total = { boundaries: 0, faults: 0, calls: 0, invoices: 0 }
  let failed = 0
  const tell = (job: Job, done: Done) => {
    for (const name of ['boundaries', 'faults', 'calls', 'invoices'] as const) total[name] += done[name]
    if (done.broken.length > 0 && ++failed > 0) report(job, done)
  }
  const threads = jobs.length < THREADED_FROM ? 1 : Math.min(availableParallelism(), 8)
  if (threads === 1) for (const job of jobs) tell(job, await run(job, values.trace))
  else await inThreads(jobs, threads, tell)
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  const { boundaries, faults, calls, invoices } = total
  console.log(
    `${jobs.length} runs, ${failed} failed, in ${seconds} s: ${boundaries} effect boundaries, ${faults} faults, ` +
      `${calls} charged calls, ${invoices} invoices.`,
  )
  process.exitCode = failed > 0 ? 1 : 0
}

async function allStrikes(story: string): Promise<Strike[]> {
  const assembly = readAssembly()
  const strikes: Strike[] = []
  for (const name of STORY_NAMES.filter(one => story === '' || one === story))
    strikes.push(...(await listStrikes(assembly, name)))
  return strikes
}

async function run(job: Job, isTraced = false): Promise<Done> {
  const assembly = readAssembly()
  if (job.kind === 'strike') return runStory(assembly, job.strike.story, job.strike)
  return runSeed(assembly, job.seed, isTraced ? line => console.log(line) : undefined)
}

function report(job: Job, { broken, trace }: Done): void {
  if (job.kind === 'seed') {
    console.log(`\nSeed ${job.seed} (replay: npm run simulate -- --seed ${job.seed} --runs 1 --trace)`)
    const told = trace.filter(line => /fault|action|dropped/.test(line))
    console.log(told.slice(-TRACE_LINES).join('\n'))
  } else
    console.log(`\n${job.strike.story}: ${job.strike.kind} at boundary ${job.strike.at}: ${job.strike.name}`)
  for (const what of broken) console.log(`  ✗ ${what}`)
}

async function inThreads(
  jobs: readonly Job[],
  threads: number,
  tell: (job: Job, done: Done) => void,
): Promise<void> {
  const share = (thread: number) => jobs.filter((_, n) => n % threads === thread)
  await Promise.all(
    Array.from({ length: threads }, (_, thread) => {
      const own = share(thread)
      const worker = new Worker(new URL(import.meta.url), { workerData: own })
      return new Promise<void>((resolve, reject) => {
        worker.on('message', ({ n, done }: { n: number; done: Done }) => {
          const job = own[n]
          if (job) tell(job, done)
        })
        worker.on('error', reject)
        worker.on('exit', () => resolve())
      })
    }),
  )
}

async function work(jobs: readonly Job[]): Promise<void> {
  for (const [n, job] of jobs.entries()) {
    const { broken, trace, boundaries, faults, calls, invoices } = await run(job)
    const done: Done = { broken, trace: broken.length > 0 ? trace : [], boundaries, faults, calls, invoices }
    parentPort?.postMessage({ n, done })
  }
}
