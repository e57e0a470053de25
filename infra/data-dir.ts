import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { readSnapshot, type Snapshot } from './local/snapshot.ts'
import type { Seeded } from './seed/seed.ts'

/** Where Stripe's half of the product is. A data folder belongs to one of the two. */
export type StripeSide = 'stand-in' | 'sandbox'

/** Where a start goes on from. */
export type Beginning = { readonly snapshot: Snapshot; readonly story: Seeded | undefined }

/** What a data folder holds besides the snapshot. */
const storySchema = z.object({ key: z.optional(z.string()), stripe: z.enum(['stand-in', 'sandbox']) })

const storyFile = (dataDir: string): string => join(dataDir, 'story.json')

/** Throws when nothing can be kept there. */
export async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true })
  } catch (error) {
    throw new Error(`Nothing can be kept in ${dataDir}`, { cause: error })
  }
}

/** Undefined for a folder without a snapshot. Throws for a folder that was made with Stripe's other side. */
export async function readDataDir(dataDir: string, stripe: StripeSide): Promise<Beginning | undefined> {
  const snapshot = await readSnapshot(dataDir)
  if (snapshot === undefined) return undefined
  const text = await readFile(storyFile(dataDir), 'utf8').catch(() => undefined)
  const story = text === undefined ? undefined : z.safeParse(storySchema, JSON.parse(text)).data
  if (story && story.stripe !== stripe) {
    const needed = story.stripe === 'sandbox' ? 'Set STRIPE_SECRET_KEY' : 'Unset STRIPE_SECRET_KEY'
    throw new Error(
      `${dataDir} was made with the ${story.stripe} of Stripe, which holds the other half of it. ${needed}, or take another folder.`,
    )
  }
  return { snapshot, story: story?.key === undefined ? undefined : { key: story.key } }
}

/** Remembers what the snapshot does not say. Before the first snapshot: one without it would belong to nobody. */
export const writeStory = (dataDir: string, story: Seeded | undefined, stripe: StripeSide): Promise<void> =>
  writeFile(storyFile(dataDir), JSON.stringify({ ...story, stripe }))
