import { describe, expect, test, vi } from 'vitest'
import { createClock } from './clock.ts'
import type { Schedule } from './contract.ts'

const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000

function frozen() {
  return createClock({ mode: 'frozen', startAt: START, idleLimitMs: 2_000 })
}

function everyMs(interval: number, run: (at: number) => void | Promise<void>, label = 'tick'): Schedule {
  const next = (after: number) => (Math.floor(after / interval) + 1) * interval
  return { label, next, run: async at => run(at) }
}

describe('a frozen clock', () => {
  test('stands still until it is advanced, and never goes back', async () => {
    const clock = frozen()
    expect(clock.now()).toBe(START)
    await clock.advanceTo(START + 5)
    await clock.advanceTo(START)
    expect(clock.now()).toBe(START + 5)
    expect(Number(new BigInt64Array(clock.shared)[1])).toBe(START + 5)
  })

  test('an advance runs what is due in order of time, each at its own time, and nothing later', async () => {
    const clock = frozen()
    const seen: string[] = []
    const note = (name: string) => () => void seen.push(`${name}@${clock.now() - START}`)
    clock.at(START + 30, 'c', note('c'))
    clock.at(START + 10, 'a', note('a'))
    clock.at(START + 10, 'b', note('b'))
    clock.at(START + 101, 'late', note('late'))
    clock.at(START + 20, 'cancelled', note('cancelled')).cancel()
    await clock.advanceTo(START + 100)
    expect(seen).toEqual(['a@10', 'b@10', 'c@30'])
    expect(clock.now()).toBe(START + 100)
  })

  test('an advance waits for the work that a due thing started before it takes the next', async () => {
    const clock = frozen()
    const seen: string[] = []
    clock.at(START + 10, 'first', () => {
      const done = clock.busy('slow work')
      setTimeout(() => {
        seen.push(`slow work ends at ${clock.now() - START}`)
        clock.at(clock.now() + 5, 'follow-up', () => void seen.push(`follow-up at ${clock.now() - START}`))
        done()
      }, 20)
    })
    clock.at(START + 20, 'second', () => void seen.push(`second at ${clock.now() - START}`))
    await clock.advanceTo(START + 50)
    expect(seen).toEqual(['slow work ends at 10', 'follow-up at 15', 'second at 20'])
  })

  test('what is due in the past runs at once', async () => {
    const clock = frozen()
    let ran = false
    clock.at(START - 1, 'past', () => {
      ran = true
    })
    await clock.whenIdle()
    expect(ran).toBe(true)
  })

  test('advances queue', async () => {
    const clock = frozen()
    const seen: number[] = []
    clock.at(START + 10, 'a', () => void seen.push(clock.now() - START))
    clock.at(START + 20, 'b', () => void seen.push(clock.now() - START))
    await Promise.all([clock.advanceTo(START + 15), clock.advanceTo(START + 25)])
    expect(seen).toEqual([10, 20])
    expect(clock.now()).toBe(START + 25)
  })

  test('a failure of a due thing rejects the advance, and the clock still works', async () => {
    const clock = frozen()
    clock.at(START + 1, 'bad', () => {
      throw new Error('broken')
    })
    await expect(clock.advanceTo(START + 2)).rejects.toThrow('broken')
    await clock.advanceTo(START + 3)
    expect(clock.now()).toBe(START + 3)
  })
})

test('a wait for idle includes the work that ending work leads to', async () => {
  const clock = frozen()
  const seen: string[] = []
  const first = clock.busy('first')
  const work = Promise.resolve().then(first)
  const chain = work.then(async () => {
    const second = clock.busy('second')
    await new Promise(resolve => setTimeout(resolve, 20))
    seen.push('second ended')
    second()
  })
  await clock.whenIdle()
  expect(seen).toEqual(['second ended'])
  await chain
})

test('a wait for idle that takes too long names what is in flight', async () => {
  const clock = createClock({ mode: 'frozen', startAt: START, idleLimitMs: 20 })
  const done = clock.busy('lambda: api-authorizer')
  await expect(clock.whenIdle()).rejects.toThrow('lambda: api-authorizer')
  done()
  await clock.whenIdle()
})

describe('recurring schedules during an advance', () => {
  test('a schedule that writes runs at every occurrence', async () => {
    const clock = frozen()
    let runs = 0
    clock.every(
      everyMs(MINUTE, () => {
        runs += 1
        clock.wrote()
      }),
    )
    await clock.advanceTo(START + HOUR)
    expect(runs).toBe(60)
  })

  test('a schedule that writes nothing pauses for an hour, then four, at most for a day', async () => {
    const clock = frozen()
    const seen: number[] = []
    clock.every(everyMs(MINUTE, at => void seen.push((at - START) / MINUTE)))
    await clock.advanceTo(START + 80 * HOUR)
    expect(seen.map(minute => minute / 60)).toEqual([1 / 60, 1, 5, 21, 45, 69])
  })

  test('the first write anywhere wakes a quiet schedule for its next occurrence', async () => {
    const clock = frozen()
    const seen: number[] = []
    clock.every(everyMs(MINUTE, at => void seen.push((at - START) / MINUTE)))
    clock.at(START + 10.5 * MINUTE, 'a customer does something', () => clock.wrote())
    await clock.advanceTo(START + 80 * MINUTE)
    expect(seen).toEqual([1, 11, 60])
  })

  test.each<[string, string[] | undefined, boolean]>([
    ['by a function that has read it', ['job'], true],
    ['by another schedule’s function only', ['other'], false],
    ['by a function that no schedule runs', ['other', 'portal'], true],
    ['that nothing is known about', undefined, true],
  ])('a write of what is read %s wakes a schedule: %s', async (_, concerned, wakes) => {
    const clock = frozen()
    const seen: number[] = []
    const job = everyMs(MINUTE, at => void seen.push((at - START) / MINUTE))
    clock.every({ ...job, reader: 'job' })
    clock.every({ ...everyMs(300 * MINUTE, () => {}), reader: 'other' })
    clock.at(START + 10.5 * MINUTE, 'a write', () => clock.wrote(concerned && new Set(concerned)))
    await clock.advanceTo(START + 20 * MINUTE)
    expect(seen).toEqual(wakes ? [1, 11] : [1])
  })

  test('quiet schedules meet at whole hours, and what is due at the same instant runs side by side', async () => {
    const clock = frozen()
    const seen: string[] = []
    const slow = async (name: string, at: number) => {
      seen.push(`${name} begins ${(at - START) / MINUTE}`)
      await new Promise(resolve => setImmediate(resolve))
      seen.push(`${name} ends`)
    }
    clock.every(everyMs(MINUTE, at => slow('a', at)))
    clock.every(everyMs(5 * MINUTE, at => slow('b', at)))
    await clock.advanceTo(START + 2 * HOUR)
    const [first, second] = [seen.slice(0, 4), seen.slice(4)]
    expect(first).toEqual(['a begins 1', 'a ends', 'b begins 5', 'b ends'])
    expect(second).toEqual(['a begins 60', 'b begins 60', 'a ends', 'b ends'])
  })

  test('a schedule that fails rejects the advance; the others of its instant run, and all of them again', async () => {
    const clock = frozen()
    let runs = 0
    const boom = () => Promise.reject(new Error('boom'))
    clock.every(everyMs(MINUTE, boom))
    clock.every(everyMs(MINUTE, () => void runs++))
    await expect(clock.advanceTo(START + MINUTE)).rejects.toThrow('boom')
    await expect(clock.advanceTo(START + 2 * MINUTE)).rejects.toThrow('boom')
    expect(runs).toBe(2)
  })

  test('30 idle days with five schedules take about a second', async () => {
    const clock = frozen()
    let runs = 0
    const count = () => {
      runs += 1
    }
    for (let n = 0; n < 5; n++) clock.every(everyMs(MINUTE, count, `tick ${n}`))
    const before = performance.now()
    await clock.advanceTo(START + 30 * DAY)
    expect(runs).toBe(5 * 33)
    expect(performance.now() - before).toBeLessThan(3_000)
  })

  test('an ended schedule runs no more', async () => {
    const clock = frozen()
    let runs = 0
    const next = (after: number) => (after < START + 1 ? START + 1 : undefined)
    const run = async () => {
      runs += 1
    }
    clock.every({ label: 'once', next, run })
    await clock.advanceTo(START + DAY)
    expect(runs).toBe(1)
  })
})

describe('a live clock', () => {
  test('runs with wall time from where it starts, and runs what is due without an advance', async () => {
    const clock = createClock({ mode: 'live', startAt: START })
    const firedAt = await new Promise<number>(resolve => {
      clock.at(START + 30, 'soon', () => resolve(clock.now()))
    })
    expect(firedAt).toBeGreaterThanOrEqual(START + 30)
    expect(firedAt).toBeLessThan(START + 5_000)
    clock.stop()
  })

  test('an advance jumps ahead, and the clock goes on from there', async () => {
    const clock = createClock({ mode: 'live', startAt: START })
    const seen: number[] = []
    clock.every(everyMs(DAY, at => void seen.push((at - START) / DAY)))
    await clock.advanceTo(START + 2.5 * DAY)
    expect(seen).toEqual([1, 2])
    expect(clock.now()).toBeGreaterThanOrEqual(START + 2.5 * DAY)
    expect(clock.now()).toBeLessThan(START + 2.5 * DAY + 5_000)
    clock.stop()
  })

  test('a locked clock goes on with real time and refuses to be advanced', async () => {
    const clock = createClock({ mode: 'live', startAt: START })
    clock.lock('A sandbox is attached.')
    expect(clock.mode).toBe('locked')
    await expect(clock.advanceTo(START + DAY)).rejects.toThrow('A sandbox is attached.')
    expect(clock.now()).toBeLessThan(START + HOUR)
    clock.stop()
  })

  test('a failing timer is reported by its label and stops nothing', async () => {
    const reported = Promise.withResolvers<string>()
    const clock = createClock({ mode: 'live', startAt: START, onError: label => reported.resolve(label) })
    clock.at(START + 1, 'bad', () => {
      throw new Error('broken')
    })
    expect(await reported.promise).toBe('bad')
    clock.stop()
  })
})

describe('a timer that a snapshot keeps', () => {
  test('runs on another clock with the data it was armed with', async () => {
    const first = createClock({ mode: 'frozen', startAt: 0 })
    first.handle('shop.open', () => undefined)
    first.later('shop.open', 2_000, { door: 1 })
    first.later('shop.open', 1_000, { door: 2 }).cancel()
    const kept = structuredClone(first.timers())

    const second = createClock({ mode: 'frozen', startAt: 1_500 })
    const opened: unknown[] = []
    second.handle('shop.open', (data, dueAt) => void opened.push([data, dueAt]))
    second.restoreTimers(kept)
    await second.advanceTo(2_000)
    expect(opened).toEqual([[{ door: 1 }, 2_000]])
    expect(second.timers()).toEqual([])
  })

  test('needs exactly one handler for its kind', () => {
    const clock = createClock({ mode: 'frozen', startAt: 0 })
    expect(() => clock.later('nobody', 1, {})).toThrow('nobody')
    clock.handle('one', () => undefined)
    expect(() => clock.handle('one', () => undefined)).toThrow('one')
  })
})

test('real time triggers nothing while the clock is held', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  try {
    const clock = createClock({ mode: 'live', startAt: START })
    const ran: string[] = []
    const release = clock.hold()
    clock.at(START + 1_000, 'soon', () => void ran.push('soon'))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(ran).toEqual([])
    release()
    await vi.advanceTimersByTimeAsync(0)
    expect(ran).toEqual(['soon'])
    clock.stop()
  } finally {
    vi.useRealTimers()
  }
})
