import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pruneAssets, pruneOld } from './prune-assets.ts'

const DAY_MS = 86_400_000
const NOW = Date.UTC(2026, 0, 31)
let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'prune-'))
})
afterEach(() => rm(dir, { recursive: true }))

async function put(name: string, ageDays: number): Promise<void> {
  const path = join(dir, name)
  await mkdir(path)
  await writeFile(join(path, 'index.mjs'), '')
  const at = new Date(NOW - ageDays * DAY_MS)
  await utimes(path, at, at)
}

test('assets go when no template names them and they are a week old', async () => {
  await writeFile(join(dir, 'shop.assets.json'), '{"path":"asset.named"}')
  await put('asset.named', 30)
  await put('asset.young', 6)
  await put('asset.old', 8)
  await pruneAssets(dir, NOW)
  expect((await readdir(dir)).sort()).toEqual(['asset.named', 'asset.young', 'shop.assets.json'])
})

test('what can be made again goes after a week, and a folder that is not there is none to prune', async () => {
  await put('young', 6)
  await put('old', 8)
  await pruneOld([dir, join(dir, 'nowhere')], NOW)
  expect(await readdir(dir)).toEqual(['young'])
})
