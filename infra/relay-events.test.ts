import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { createRelay } from './relay-events.ts'

const SINCE = 1_800_000_000

function setUp() {
  const events: { id: string; created: number }[] = []
  const taken: string[] = []
  const refused = new Set<string>()
  const asked: number[] = []
  let now = 0
  const look = createRelay({
    // Only id and time of an event matter to the relay.
    list: async function* (createdFrom) {
      asked.push(createdFrom)
      const newestFirst = [...events].sort((a, b) => b.created - a.created)
      yield* newestFirst.filter(event => event.created >= createdFrom) as Stripe.Event[]
    },
    deliver: async ({ id }) => {
      if (refused.has(id)) return false
      taken.push(id)
      return true
    },
    since: SINCE,
    now: () => now,
  })
  const happen = (id: string, seconds: number) => void events.push({ id, created: SINCE + seconds })
  const wait = (ms: number) => {
    now += ms
  }
  return { look, happen, taken, refused, asked, wait }
}

test('each event is delivered once, oldest first; what happened before the start is not', async () => {
  const { look, happen, taken } = setUp()
  happen('before', -1)
  happen('b', 2)
  happen('a', 1)
  await look()
  happen('c', 3)
  await look()
  await look()
  expect(taken).toEqual(['a', 'b', 'c'])
})

test('an event that becomes readable after a newer one is delivered', async () => {
  const { look, happen, taken } = setUp()
  happen('new', 1_000)
  await look()
  happen('late', 800)
  await look()
  expect(taken).toEqual(['new', 'late'])
})

test('a long run reads only the latest minutes and still delivers nothing twice', async () => {
  const { look, happen, taken, asked } = setUp()
  for (let minute = 1; minute <= 60; minute++) {
    happen(`event ${minute}`, minute * 60)
    await look()
  }
  expect(taken).toEqual(Array.from({ length: 60 }, (_, i) => `event ${i + 1}`))
  expect(asked.at(-1)).toBe(SINCE + 59 * 60 - 300)
})

test('what is not taken holds nothing back and comes again, ever later', async () => {
  const { look, happen, taken, refused, wait } = setUp()
  happen('a', 1)
  happen('b', 2)
  refused.add('a')
  await look()
  expect(taken).toEqual(['b'])
  wait(2_000)
  await look()
  refused.clear()
  wait(3_999)
  await look()
  expect(taken).toEqual(['b'])
  wait(1)
  await look()
  expect(taken).toEqual(['b', 'a'])
})
