import { afterEach, expect, test, vi } from 'vitest'
import type { Environment } from './environment.ts'
import { createPool } from './pool.ts'

type Limits = { all: number; perFunction: number; patienceMs?: number }

function setUp(limits: Limits, slow: readonly string[] = []) {
  const pool = createPool({ patienceMs: 0, ...limits })
  const started: string[] = []
  const ended: string[] = []
  /** Called when an environment is ready; those that are not named here are at once. */
  const becomeReady = new Map<string, () => void>()
  const start = (name: string) => () => {
    const id = `${name}${started.filter(other => other.startsWith(name)).length + 1}`
    started.push(id)
    const ready = Promise.withResolvers<void>()
    let starting = slow.includes(id)
    const finish = () => {
      starting = false
      ready.resolve()
    }
    if (starting) becomeReady.set(id, finish)
    else finish()
    const environment: Environment = {
      logStream: id,
      dead: false,
      ready: ready.promise,
      get starting() {
        return starting
      },
      invoke: () => Promise.reject(new Error('not used')),
      terminate: async () => void ended.push(id),
    }
    return environment
  }
  const acquire = (name: string) => pool.acquire(name, start(name))
  const warm = (name: string) => pool.warm(name, start(name))
  return { pool, acquire, warm, started, ended, becomeReady }
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending')
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending
}

afterEach(() => void vi.useRealTimers())

test('an idle environment of the function is used again', async () => {
  const { pool, acquire, started } = setUp({ all: 4, perFunction: 2 })
  const first = await acquire('a')
  pool.release(first)
  expect(await acquire('a')).toBe(first)
  expect(started).toEqual(['a1'])
})

test('a function at its limit waits for one of its environments', async () => {
  const { pool, acquire, started } = setUp({ all: 4, perFunction: 1 })
  const first = await acquire('a')
  const second = acquire('a')
  expect(await isPending(second)).toBe(true)
  pool.release(first)
  expect(await second).toBe(first)
  expect(started).toEqual(['a1'])
})

test('a function starts one environment at a time', async () => {
  const { acquire, started, becomeReady } = setUp({ all: 4, perFunction: 3 }, ['a1'])
  await acquire('a')
  const second = acquire('a')
  expect(await isPending(second)).toBe(true)
  expect(started).toEqual(['a1'])
  becomeReady.get('a1')?.()
  await second
  expect(started).toEqual(['a1', 'a2'])
})

test('at the limit of all, the environment that was idle longest makes room', async () => {
  const { pool, acquire, ended } = setUp({ all: 2, perFunction: 2 })
  const a = await acquire('a')
  const b = await acquire('b')
  pool.release(b)
  pool.release(a)
  await acquire('c')
  expect(ended).toEqual(['b1'])
})

test('at the limit of all, a spare environment makes room before the only one of a function', async () => {
  const { pool, acquire, ended } = setUp({ all: 3, perFunction: 2 })
  const only = await acquire('a')
  const spares = [await acquire('b'), await acquire('b')]
  for (const environment of [only, ...spares]) pool.release(environment)
  await acquire('c')
  expect(ended).toEqual(['b1'])
})

test('a function without an environment never waits, so functions that call each other cannot block', async () => {
  const { acquire, started } = setUp({ all: 1, perFunction: 1 })
  await acquire('a')
  await acquire('b')
  await acquire('c')
  expect(started).toEqual(['a1', 'b1', 'c1'])
})

test('what was started beyond the limit ends when it is released', async () => {
  const { pool, acquire, ended } = setUp({ all: 1, perFunction: 1 })
  await acquire('a')
  pool.release(await acquire('b'))
  expect(ended).toEqual(['b1'])
})

test('a function waiting at the limit of all is served when another one gets idle', async () => {
  const { pool, acquire, started, ended } = setUp({ all: 2, perFunction: 2 })
  await acquire('a')
  const b = await acquire('b')
  const second = acquire('a')
  expect(await isPending(second)).toBe(true)
  pool.release(b)
  await second
  expect(started).toEqual(['a1', 'b1', 'a2'])
  expect(ended).toEqual(['b1'])
})

test('retired environments end after their event and are not used again', async () => {
  const { pool, acquire, ended } = setUp({ all: 4, perFunction: 2 })
  const busy = await acquire('a')
  pool.release(await acquire('a'))
  await pool.retire('a')
  expect(ended).toEqual(['a2'])
  expect(await acquire('a')).not.toBe(busy)
  pool.release(busy)
  expect(ended).toEqual(['a2', 'a1'])
})

test('spare environments end when they have been idle for a while, the last of a function much later', async () => {
  const { pool, acquire, ended } = setUp({ all: 4, perFunction: 2 })
  const [first, second] = [await acquire('a'), await acquire('a')]
  const busy = await acquire('b')
  pool.release(first)
  pool.release(second)
  const idleSince = performance.now()
  pool.sweep(idleSince + 10_000)
  expect(ended).toEqual([])
  pool.sweep(idleSince + 30_000)
  expect(ended).toEqual(['a1'])
  pool.sweep(idleSince + 3_600_000)
  expect(ended).toEqual(['a1', 'a2'])
  pool.release(busy)
  expect(await acquire('b')).toBe(busy)
})

test('an environment that was warmed up takes the first event; nothing is warmed twice or beyond the limit', async () => {
  const { acquire, warm, started } = setUp({ all: 2, perFunction: 2 })
  await warm('a')
  await warm('a')
  await warm('b')
  await warm('c')
  expect(started).toEqual(['a1', 'b1'])
  await acquire('a')
  expect(started).toEqual(['a1', 'b1'])
})

test('an event waits a moment for a busy environment before another one is started', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] })
  const { pool, acquire, started } = setUp({ all: 9, perFunction: 3, patienceMs: 150 })
  const first = await acquire('a')
  const second = acquire('a')
  await vi.advanceTimersByTimeAsync(100)
  pool.release(first)
  expect(await second).toBe(first)
  expect(started).toEqual(['a1'])
  const third = acquire('a')
  await vi.advanceTimersByTimeAsync(149)
  expect(await isPending(third)).toBe(true)
  await vi.advanceTimersByTimeAsync(1)
  await third
  expect(started).toEqual(['a1', 'a2'])
})

test('when many events wait, another environment is started at once', async () => {
  const { acquire, started } = setUp({ all: 9, perFunction: 2, patienceMs: 60_000 })
  await acquire('a')
  const waiting = Array.from({ length: 3 }, () => acquire('a'))
  expect(started).toEqual(['a1'])
  void acquire('a')
  await waiting[0]
  expect(started).toEqual(['a1', 'a2'])
})
