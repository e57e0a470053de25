import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createClock, type LocalClock } from './clock.ts'
import { keepSnapshot } from './keep-snapshot.ts'
import { readSnapshot, restoreSnapshot, type Snapshotable, takeSnapshot, writeSnapshot } from './snapshot.ts'

const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000
let dir: string
let clock: LocalClock

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'snapshot-'))
  clock = createClock({ mode: 'frozen', startAt: START, idleLimitMs: 500 })
})
afterEach(() => rm(dir, { recursive: true }))

/** Holds one value, as a service would. */
function part(name: string, value: unknown, capture: (value: unknown) => unknown = held => held) {
  const box = { value }
  const service: Snapshotable = {
    name,
    snapshot: () => capture(box.value),
    restore: state => {
      box.value = state
    },
  }
  return { box, service }
}

describe('a snapshot', () => {
  test('brings back time, timers and whatever a service holds', async () => {
    const rich = { map: new Map([['a', 1n]]), bytes: Buffer.from('b'), set: new Set([1]), date: new Date(5) }
    const before = part('rich', rich)
    clock.handle('t.ring', () => undefined)
    clock.later('t.ring', START + 2 * HOUR, { who: 'alarm' })
    await clock.advanceTo(START + HOUR)
    await writeSnapshot(dir, await takeSnapshot(clock, [before.service]))

    const snapshot = await readSnapshot(dir)
    if (!snapshot) throw new Error('no snapshot')
    expect(snapshot.now).toBe(START + HOUR)
    expect(Math.abs(Date.now() - snapshot.takenAt)).toBeLessThan(60_000)
    const rung: unknown[] = []
    const next = createClock({ mode: 'frozen', startAt: snapshot.now })
    next.handle('t.ring', (data, dueAt) => void rung.push([data, dueAt]))
    const after = part('rich', undefined)
    const isNew = part('new', 'as the template says')
    await restoreSnapshot(snapshot, next, [after.service, isNew.service])
    expect(after.box.value).toMatchObject({ map: rich.map, set: rich.set, date: rich.date })
    expect(isNew.box.value).toBe('as the template says')
    await next.advanceTo(START + 3 * HOUR)
    expect(rung).toEqual([[{ who: 'alarm' }, START + 2 * HOUR]])
  })

  test('waits until nothing is in flight and holds what is then there', async () => {
    const counter = part('counter', 0)
    const done = clock.busy('a call')
    const taking = takeSnapshot(clock, [counter.service])
    counter.box.value = 1
    done()
    await writeSnapshot(dir, await taking)
    expect((await readSnapshot(dir))?.services).toEqual({ counter: 1 })
  })

  test('is not taken in the middle of a step of an advance', async () => {
    const seen: unknown[] = []
    const counter = part('counter', 'before', value => seen.push([value, clock.inFlight()]))
    for (const hour of [1, 2, 3])
      clock.at(START + hour * HOUR, 'a step', async () => {
        counter.box.value = 'half'
        await new Promise(resolve => setImmediate(resolve))
        counter.box.value = 'whole'
      })
    const advancing = clock.advanceTo(START + 4 * HOUR)
    for (let n = 0; n < 3; n++) await takeSnapshot(clock, [counter.service])
    await advancing
    expect(seen).toHaveLength(3)
    for (const [value, inFlight] of seen as [string, object][]) {
      expect(value).not.toBe('half')
      expect(inFlight).toEqual({})
    }
  })

  test('waits again when something has begun since nothing was in flight', async () => {
    const inFlight = [{ 'a call': 1 }, {}]
    let waits = 0
    const busy = {
      ...{ now: clock.now, timers: clock.timers },
      whenIdle: async () => {
        waits += 1
      },
      inFlight: () => inFlight.shift() ?? {},
    }
    await takeSnapshot(busy, [])
    expect(waits).toBe(2)
  })

  test('holds all services at one instant, also those that answer later', async () => {
    const quick = part('quick', { n: 1 })
    const slow = part('slow', { n: 1 }, async value => {
      const captured = structuredClone(value)
      await new Promise(resolve => setImmediate(resolve))
      return captured
    })
    const taking = takeSnapshot(clock, [slow.service, quick.service])
    await clock.whenIdle()
    await new Promise(resolve => setImmediate(resolve))
    Object.assign(quick.box.value as object, { n: 2 })
    await writeSnapshot(dir, await taking)
    expect((await readSnapshot(dir))?.services).toEqual({ quick: { n: 1 }, slow: { n: 1 } })
  })

  test('is missing from a folder without one, or that is not there', async () => {
    expect(await readSnapshot(dir)).toBeUndefined()
    expect(await readSnapshot(join(dir, 'nowhere'))).toBeUndefined()
  })

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['of something else', () => Buffer.from('not a snapshot')],
    ['empty', () => Buffer.alloc(0)],
  ])('that is %s is refused with the way out', async (_name, spoil) => {
    await writeSnapshot(dir, await takeSnapshot(clock, [part('a', 'x'.repeat(1_000)).service]))
    const [file = ''] = await readdir(dir)
    await writeFile(join(dir, file), spoil(await takeSnapshot(clock, [])))
    await expect(readSnapshot(dir)).rejects.toThrow(/cannot be read .* Start with --fresh/)
  })
})

describe('keeping snapshots', () => {
  test('takes one at once, one at every tick and one at the end, and goes on after one that failed', async () => {
    const counter = part('counter', 1)
    const errors: string[] = []
    let tick = () => undefined as undefined
    let isFull = false
    const keeper = keepSnapshot({
      dir,
      take: () => (isFull ? Promise.reject(new Error('disk full')) : takeSnapshot(clock, [counter.service])),
      onError: error => void errors.push(String(error)),
      every: run => {
        tick = () => void run()
        return () => undefined
      },
    })
    const kept = async () => (await readSnapshot(dir))?.services.counter
    await expect.poll(kept).toBe(1)
    counter.box.value = 2
    tick()
    await expect.poll(kept).toBe(2)
    isFull = true
    tick()
    await expect.poll(() => errors).toEqual(['Error: disk full'])
    expect(await kept()).toBe(2)
    isFull = false
    counter.box.value = 3
    await keeper.stop()
    expect(await kept()).toBe(3)
    expect(await readdir(dir)).toHaveLength(1)
  })

  test('says when the last one failed', async () => {
    const take = () => Promise.reject(new Error('disk full'))
    const keeper = keepSnapshot({ dir, take, onError: () => undefined })
    await expect(keeper.stop()).rejects.toThrow('disk full')
  })
})
