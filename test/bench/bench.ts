import { ASSEMBLY_DIR } from '../../infra/aws/assembly.ts'
import { costReport } from '../../infra/cost/cost.ts'
import { readDeployment, readTemplates } from '../../infra/cost/deployment.ts'
import { build, type Tollgate } from '../../infra/launch.ts'
import { freshness } from './cloud/freshness.ts'
import { gateway } from './cloud/gateway.ts'
import { metering } from './cloud/metering.ts'
import { overshoot } from './cloud/overshoot.ts'
import { signUp, start } from './cloud/start.ts'
import { type Figure, megabytes, type Note, printFigures, timed } from './figures.ts'
import { measureReporting } from './reporting/reporting.ts'
import { measureScale } from './scale/scale.ts'

/**
 * `npm run bench`: prints what was measured on this machine, and asserts no time. `npx node test/bench/bench.ts scale`
 * runs one part; the long ones run only when they are named. `--events` and `--accounts` make `scale` smaller.
 */
const ON_CLOUD = ['start', 'gateway', 'metering', 'freshness', 'overshoot'] as const
const PARTS = [...ON_CLOUD, 'cost', 'reporting', 'scale'] as const
type Part = (typeof PARTS)[number]
const QUICK: readonly Part[] = [...ON_CLOUD, 'cost']

const { parts, events, accounts } = readArguments(process.argv.slice(2))
const wants = (part: Part) => parts.includes(part)

if (ON_CLOUD.some(wants)) await onLocalCloud()
if (wants('reporting')) printFigures('reporting to Stripe', await measureReporting(await reportTimeoutMs()))
if (wants('scale')) printFigures('a month of calls', await measureScale({ events, accounts }))
if (wants('cost')) console.log(`\n${costReport(await deployment(), false)}`)

async function onLocalCloud(): Promise<void> {
  const tollgate = await section('start', async note => {
    await timed(note, 'bundle and synthesize', build)
    return start(note)
  })
  try {
    await measure(tollgate)
  } finally {
    await tollgate.stop()
  }
}

async function measure(tollgate: Tollgate): Promise<void> {
  if (wants('overshoot')) await section('spend cap', note => overshoot(tollgate, note))
  const parts = { gateway, freshness, metering }
  const wanted = Object.entries(parts).filter(([name]) => wants(name as keyof typeof parts))
  if (wanted.length > 0) {
    const running = await signUp(tollgate)
    for (const [name, part] of wanted) await section(name, note => part(running, note))
  }
  printFigures('all of it', [['memory (RSS)', megabytes(process.memoryUsage.rss())]])
}

async function section<T>(title: string, work: (note: Note) => Promise<T>): Promise<T> {
  const figures: Figure[] = []
  const value = await work((name, figure) => figures.push([name, figure]))
  printFigures(title, figures)
  return value
}

async function deployment() {
  await build()
  return readDeployment(readTemplates(ASSEMBLY_DIR))
}

/** What the template gives the function that reports. */
async function reportTimeoutMs(): Promise<number> {
  const { functions } = await deployment()
  const seconds = functions.find(({ name }) => name === 'tollgate-report-usage')?.timeoutSeconds
  if (seconds === undefined) throw new Error('the templates have no function that reports')
  return Number(seconds) * 1_000
}

function readArguments(args: readonly string[]) {
  const numbers = { events: 5_000_000, accounts: 10_000 }
  const named: Part[] = []
  for (const arg of args) {
    const [, name, value] = /^--(events|accounts)=(\d+)$/.exec(arg) ?? []
    const part = PARTS.find(one => one === arg)
    if (name === 'events' || name === 'accounts') numbers[name] = Number(value)
    else if (part) named.push(part)
    else throw new Error(`${arg} is no part of the bench: ${PARTS.join(', ')}, --events=N, --accounts=N`)
  }
  return { parts: named.length > 0 ? named : QUICK, ...numbers }
}
