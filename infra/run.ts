import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { type BundleInputs, bundle } from './aws/bundle.ts'
import { synthesize } from './aws/synthesize.ts'
import type { Flags } from './flags.ts'
import { launch, SETTLING_MS, type Tollgate } from './launch.ts'
import { keepSnapshot } from './local/keep-snapshot.ts'
import { readSnapshot, type Snapshot } from './local/snapshot.ts'
import { fixedPorts } from './ports.ts'
import { messagesOf } from './report-failure.ts'
import { SEED_DAYS, type Seeded, seed } from './seed/seed.ts'
import { watchSources } from './watch.ts'
import { welcome } from './welcome.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

const storySchema = z.object({ key: z.string() })

/** Starts the product as the flags say and resolves when it is ready. It runs until the process is told to stop. */
export async function run(flags: Flags): Promise<void> {
  const startedAt = performance.now()
  const say = (line: string) => {
    if (!flags.quiet) console.log(line)
  }
  const { dataDir } = flags
  const ports = await fixedPorts(flags.portOffset)
  if (dataDir !== undefined) await makeDataDir(dataDir)
  const snapshot = dataDir === undefined || flags.fresh ? undefined : await readSnapshot(dataDir)
  say('Building the functions and the templates …')
  const inputs = await bundle({ fresh: flags.fresh })
  await synthesize({ fresh: flags.fresh })
  say(snapshot ? `Going on from ${dataDir}${awayFor(snapshot)} …` : 'Provisioning the templates …')
  const tollgate = await launch({
    clock: { mode: 'live', startAt: Date.now() - SETTLING_MS - (flags.seeded ? SEED_DAYS * DAY_MS : 0) },
    ports,
    ...(snapshot && { snapshot }),
    warmUp: true,
  })
  const stopEarly = stopOnSignal(() => tollgate.stop())
  const story = snapshot ? await readStory(dataDir) : await tellStory(tollgate, flags, say)
  stopEarly()
  runUntilStopped(tollgate, inputs, dataDir, say)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(welcome(tollgate, story, seconds))
}

/** A month of the product's life, unless it is to begin empty. */
async function tellStory(
  tollgate: Tollgate,
  { seeded, dataDir }: Flags,
  say: (line: string) => void,
): Promise<Seeded | undefined> {
  if (seeded) say(`Living through ${SEED_DAYS} days: a sign-up, a purchase, calls, a month end …`)
  const story = seeded ? await seed(tollgate) : undefined
  if (dataDir === undefined) return story
  if (story) await writeFile(storyFile(dataDir), JSON.stringify(story))
  else await rm(storyFile(dataDir), { force: true })
  return story
}

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

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true })
  } catch (error) {
    throw new Error(`Nothing can be kept in ${dataDir}`, { cause: error })
  }
}

const storyFile = (dataDir: string): string => join(dataDir, 'story.json')

async function readStory(dataDir: string | undefined): Promise<Seeded | undefined> {
  if (dataDir === undefined) return undefined
  const text = await readFile(storyFile(dataDir), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : z.safeParse(storySchema, JSON.parse(text)).data
}

/** Time goes on while the laptop is off; a long absence takes a moment to catch up with. */
function awayFor({ takenAt }: Snapshot): string {
  const awayMs = Date.now() - takenAt
  if (awayMs < HOUR_MS) return ''
  const days = Math.floor(awayMs / DAY_MS)
  return days > 0 ? `, ${days} days later` : `, ${Math.floor(awayMs / HOUR_MS)} hours later`
}
