import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { takeSnapshot } from '../local/snapshot.ts'
import { fingerprintOf, storyInputs, storyKeeper } from './keep-story.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-stories-'))
  folders.push(folder)
  return folder
}

const clock = { whenIdle: async () => {}, inFlight: () => ({}), now: () => 0, timers: () => [] }
const snapshot = () => takeSnapshot(clock, [])

const files = new Map([
  ['a.ts', 'one'],
  ['b.ts', 'two'],
])

test('a story is known by every file that it was made from, and by the ports', () => {
  const known = fingerprintOf(files, 0)
  const others = [
    fingerprintOf(new Map([...files, ['b.ts', 'three']]), 0),
    fingerprintOf(new Map([...files, ['c.ts', '']]), 0),
    fingerprintOf(new Map([['a.ts', 'one']]), 0),
    fingerprintOf(files, 100),
  ]
  expect(new Set([known, ...others]).size).toBe(5)
  expect(fingerprintOf(new Map([...files].reverse()), 0)).toBe(known)
})

test('what tells the story and what runs it are among its files', async () => {
  const inputs = await storyInputs()
  for (const file of ['infra/seed/seed.ts', 'infra/local/clock.ts', 'billing/catalogue/catalogue.json'])
    expect(inputs.get(file)).toBe(readFileSync(file, 'utf8'))
  expect([...inputs.keys()].filter(file => file.includes('.test.'))).toEqual([])
})

test('a story is gone on from on its own ports, and leaves those of others alone', async () => {
  const folder = newFolder()
  const [here, there] = [await storyKeeper(0, folder), await storyKeeper(100, folder)]
  await here.keep(await snapshot(), { key: 'first' })
  expect(await there.find()).toBeUndefined()
  await there.keep(await snapshot(), { key: 'other' })
  await here.keep(await snapshot(), { key: 'second' })
  expect([(await here.find())?.story, (await there.find())?.story]).toEqual([
    { key: 'second' },
    { key: 'other' },
  ])
  expect(readdirSync(folder)).toHaveLength(2)
})

test.each(['', '{', '{"key":1}'])('a story of which %j was kept is told again', async text => {
  const folder = newFolder()
  const keeper = await storyKeeper(0, folder)
  await keeper.keep(await snapshot(), { key: 'first' })
  for (const kept of readdirSync(folder)) writeFileSync(join(folder, kept, 'story.json'), text)
  expect(await keeper.find()).toBeUndefined()
})
