import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeDataDir, readDataDir, writeStory } from './data-dir.ts'
import { createClock } from './local/clock.ts'
import { takeSnapshot, writeSnapshot } from './local/snapshot.ts'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'data-dir-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

async function keep(): Promise<void> {
  await writeSnapshot(dir, await takeSnapshot(createClock({ mode: 'frozen', startAt: 5 }), []))
}

test('a folder without a snapshot is a new beginning, whatever story is left in it', async () => {
  await makeDataDir(join(dir, 'new'))
  expect(await readDataDir(join(dir, 'new'), 'stand-in')).toBeUndefined()
  await writeStory(dir, { key: 'tg_test_a' }, 'stand-in')
  expect(await readDataDir(dir, 'stand-in')).toBeUndefined()
})

test.each([{ key: 'tg_test_a' }, undefined])('a start goes on with the story %j', async story => {
  await writeStory(dir, story, 'stand-in')
  await keep()
  expect(await readDataDir(dir, 'stand-in')).toMatchObject({ snapshot: { now: 5 }, ...(story && { story }) })
})

test.each([
  ['sandbox', 'stand-in', 'Set STRIPE_SECRET_KEY'],
  ['stand-in', 'sandbox', 'Unset STRIPE_SECRET_KEY'],
] as const)('what was made with the %s does not go on with the %s', async (made, now, advice) => {
  await writeStory(dir, undefined, made)
  await keep()
  await expect(readDataDir(dir, now)).rejects.toThrow(advice)
})
