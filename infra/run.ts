import { type BundleInputs, bundle } from './aws/bundle.ts'
import { synthesize } from './aws/synthesize.ts'
import { type Beginning, makeDataDir, readDataDir, type StripeSide, writeStory } from './data-dir.ts'
import type { Flags } from './flags.ts'
import { launch, SETTLING_MS, type Tollgate } from './launch.ts'
import { keepSnapshot } from './local/keep-snapshot.ts'
import type { Snapshot } from './local/snapshot.ts'
import { fixedPorts } from './ports.ts'
import { messagesOf } from './report-failure.ts'
import { type StoryKeeper, storyKeeper } from './seed/keep-story.ts'
import { SEED_DAYS, type Seeded, seed } from './seed/seed.ts'
import { watchSources } from './watch.ts'
import { welcome } from './welcome.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const STRIPE_API_URL = 'https://api.stripe.com'

type Say = (line: string) => void

/** Starts the product as the flags say and resolves when it is ready. It runs until the process is told to stop. */
export async function run(flags: Flags): Promise<void> {
  const startedAt = performance.now()
  const say: Say = line => {
    if (!flags.quiet) console.log(line)
  }
  const { dataDir, fresh } = flags
  const ports = await fixedPorts(flags.portOffset)
  if (dataDir !== undefined) await makeDataDir(dataDir)
  const kept = dataDir === undefined || fresh ? undefined : await readDataDir(dataDir, stripeOf(flags))
  say('Building the functions and the templates …')
  const inputs = await bundle({ fresh })
  await synthesize({ fresh })
  const stories = flags.seeded ? await storyKeeper(flags.portOffset) : undefined
  const told = kept || fresh ? undefined : await stories?.find()
  say(openingLine(dataDir, kept, told))
  const beginning = kept ?? told
  const tollgate = await launch({
    clock: { mode: 'live', startAt: startOf(flags) },
    ports,
    ...(beginning && { snapshot: beginning.snapshot }),
    warmUp: true,
    ...(flags.stripeSecretKey !== undefined && {
      sandbox: { secretKey: flags.stripeSecretKey, apiUrl: STRIPE_API_URL },
    }),
  })
  const stopEarly = stopOnSignal(() => tollgate.stop())
  const story = beginning ? beginning.story : stories && (await tellStory(tollgate, stories, say))
  // What came before took real time, minutes on a busy machine. Kept time goes on from where it stood.
  if (!kept && stripeOf(flags) === 'stand-in') await catchUp(tollgate)
  if (dataDir !== undefined && !kept) await writeStory(dataDir, story, stripeOf(flags))
  stopEarly()
  runUntilStopped(tollgate, inputs, dataDir, say)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(welcome(tollgate, story, seconds, stripeOf(flags)))
}

const stripeOf = (flags: Flags): StripeSide => (flags.stripeSecretKey === undefined ? 'stand-in' : 'sandbox')

/** A sandbox shares the wall clock; the stand-in's product is to arrive there when its story ends. */
function startOf(flags: Flags): number {
  if (flags.stripeSecretKey !== undefined) return Date.now()
  return Date.now() - SETTLING_MS - (flags.seeded ? SEED_DAYS * DAY_MS : 0)
}

/** A month of the product's life, kept for the next start of the same build. */
async function tellStory(tollgate: Tollgate, stories: StoryKeeper, say: Say): Promise<Seeded> {
  say(`Living through ${SEED_DAYS} days: a sign-up, a purchase, calls, a month end …`)
  const story = await seed(tollgate)
  const complain = (error: unknown) => say(`The story could not be kept: ${messagesOf(error).join(': ')}`)
  await stories.keep(await tollgate.snapshot(), story).catch(complain)
  return story
}

const catchUp = ({ clock }: Tollgate): Promise<void> => clock.advanceTo(Math.max(Date.now(), clock.now()))

/** Snapshots begin when the story is complete: one that was cut off would be taken for a whole one. */
function runUntilStopped(
  tollgate: Tollgate,
  inputs: BundleInputs,
  dataDir: string | undefined,
  say: (line: string) => void,
): void {
  const complain = (error: unknown) =>
    console.error(`The snapshot could not be taken: ${messagesOf(error).join(': ')}`)
  const keeper =
    dataDir === undefined
      ? undefined
      : keepSnapshot({ dir: dataDir, take: tollgate.snapshot, onError: complain })
  const stopWatching = watchSources({
    inputs,
    replaceCode: (name, codeDir) => tollgate.services.lambda.replaceCode(name, codeDir),
    lastRunAt: name =>
      tollgate.services.lambda.functions().find(one => one.name === name)?.invocations[0]?.startedAt,
    say: line => console.log(line),
  })
  stopOnSignal(async () => {
    await stopWatching()
    if (keeper) say(`Keeping everything in ${dataDir} …`)
    await keeper?.stop().catch(complain)
    await tollgate.stop()
  })
}

/** Ends the process in good order at Ctrl-C, at once at the second one. Answers how to take it back. */
function stopOnSignal(stop: () => Promise<void>): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const onSignal = () => {
    takeBack()
    void stop().then(
      () => process.exit(0),
      error => {
        console.error(messagesOf(error).join('\n'))
        process.exit(1)
      },
    )
  }
  const takeBack = () => {
    for (const signal of signals) process.off(signal, onSignal)
  }
  for (const signal of signals) process.on(signal, onSignal)
  return takeBack
}

function openingLine(
  dataDir: string | undefined,
  kept: Beginning | undefined,
  told: Beginning | undefined,
): string {
  if (kept) return `Going on from ${dataDir}${awayFor(kept.snapshot)} …`
  if (!told) return 'Provisioning the templates …'
  const minutes = Math.round((Date.now() - told.snapshot.takenAt) / MINUTE_MS)
  return `Going on from the ${SEED_DAYS} days that this build lived through ${minutes} minutes ago (--fresh lives through them again) …`
}

/** Time goes on while the laptop is off; a long absence takes a moment to catch up with. */
function awayFor({ takenAt }: Snapshot): string {
  const awayMs = Date.now() - takenAt
  if (awayMs < HOUR_MS) return ''
  const days = Math.floor(awayMs / DAY_MS)
  return days > 0 ? `, ${days} days later` : `, ${Math.floor(awayMs / HOUR_MS)} hours later`
}
