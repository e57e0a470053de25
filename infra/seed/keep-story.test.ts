import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fingerprintOf, storyInputs } from './keep-story.ts'

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
