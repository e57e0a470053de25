import { createHash } from 'node:crypto'
import { glob, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod/mini'
import { readSnapshot, type Snapshot, writeSnapshot } from '../local/snapshot.ts'
import type { Seeded } from './seed.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const STORIES_DIR = join(root, '.build/seeded')
/** An older story would not end today: its days would pass as an absence, without any calls. */
const LONGEST_KEPT_MS = 12 * 60 * 60 * 1000

/** What decides over the story besides Node and the ports: templates and bundles, what runs them, what tells it. */
const INPUTS = [
  'package-lock.json',
  '.build/cdk.out/inputs.sha256',
  'infra/{local,seed}/**/*.{ts,js,css}',
  'infra/{launch,ports,set-up}.ts',
  'billing/{cli,stripe,contract,catalogue}/**/*.{ts,json}',
]

const storySchema = z.object({ key: z.string() })

/** Products that run side by side, on ports of their own, leave each other's story alone as long as there are few. */
const MOST_KEPT = 4

/**
 * Keeps the seeded story of one build on one set of ports: told once, through the product's own doors, and gone on from
 * when nothing that it was made from has changed. Key and ids are then those of the first time.
 */
export type StoryKeeper = {
  /** Undefined when there is none, or none that ends today. */
  find(): Promise<{ readonly snapshot: Snapshot; readonly story: Seeded } | undefined>
  keep(snapshot: Buffer, story: Seeded): Promise<void>
}

export async function storyKeeper(portOffset: number, storiesDir = STORIES_DIR): Promise<StoryKeeper> {
  const ofThesePorts = `${portOffset}-`
  const dir = join(storiesDir, ofThesePorts + fingerprintOf(await storyInputs(), portOffset))
  const file = join(dir, 'story.json')
  return {
    async find() {
      // One that cannot be read is told again.
      const snapshot = await readSnapshot(dir).catch(() => undefined)
      const story = await readFile(file, 'utf8').then(readStory, () => undefined)
      if (snapshot === undefined || story === undefined) return undefined
      if (Date.now() - snapshot.takenAt > LONGEST_KEPT_MS) return undefined
      return { snapshot, story }
    },
    async keep(snapshot, story) {
      await mkdir(storiesDir, { recursive: true })
      const kept = await readdir(storiesDir)
      const old = kept.length < MOST_KEPT ? kept.filter(name => name.startsWith(ofThesePorts)) : kept
      await Promise.all(old.map(name => rm(join(storiesDir, name), { recursive: true, force: true })))
      await mkdir(dir, { recursive: true })
      await writeFile(file, JSON.stringify(story))
      // Last: without it there is no story.
      await writeSnapshot(dir, snapshot)
    },
  }
}

function readStory(text: string): Seeded | undefined {
  try {
    return z.safeParse(storySchema, JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Text of each file that decides over the story, by its name relative to the repository. */
export async function storyInputs(): Promise<Map<string, string>> {
  const names = (await Array.fromAsync(glob(INPUTS, { cwd: root }))).filter(name => !name.includes('.test.'))
  return new Map(
    await Promise.all(names.map(async name => [name, await readFile(join(root, name), 'utf8')] as const)),
  )
}

/** The same for the same files, in whatever order, on the same ports and Node. */
export function fingerprintOf(files: ReadonlyMap<string, string>, portOffset: number): string {
  const hash = createHash('sha256').update(`${process.version}\0${portOffset}\0`)
  for (const name of [...files.keys()].sort()) hash.update(`${name}\0${files.get(name)}\0`)
  return hash.digest('hex').slice(0, 32)
}
