import { expect, test } from 'vitest'
import { fakeCloud, START } from '../../testing/recording-cloud.ts'
import { append } from './append.ts'
import { createLogsService } from './index.ts'
import { createLogsState, makeRoom } from './state.ts'

const print = (...messages: string[]) => messages.map((message, n) => ({ message, timestamp: START + n }))

test('an invocation has the lines between its START and REPORT, also those that do not name it', () => {
  const logs = createLogsService(fakeCloud())
  logs.append(
    '/aws/lambda/a',
    's1',
    print(
      'START RequestId: req-1 Version: $LATEST',
      '{"plain":true}',
      'END RequestId: req-1',
      'REPORT RequestId: req-1\tDuration: 1 ms',
      'START RequestId: req-2 Version: $LATEST',
      'two',
      'REPORT RequestId: req-2\tDuration: 1 ms',
    ),
  )
  logs.append('/aws/lambda/b', 's2', print('called by req-1'))
  const messages = logs.lines({ group: '/aws/lambda/a', requestId: 'req-1' }).map(line => line.message)
  expect(messages).toEqual([
    'START RequestId: req-1 Version: $LATEST',
    '{"plain":true}',
    'END RequestId: req-1',
    'REPORT RequestId: req-1\tDuration: 1 ms',
  ])
  expect(logs.lines({ stream: 's2' })).toMatchObject([{ group: '/aws/lambda/b', message: 'called by req-1' }])
  expect(logs.lines({ limit: 2 }).map(line => line.message)).toEqual([
    'two',
    'REPORT RequestId: req-2\tDuration: 1 ms',
  ])
  expect(logs.groups()).toMatchObject([{ name: '/aws/lambda/a', streams: 1, lines: 7 }, { lines: 1 }])
})

test('memory stays within its bounds: the oldest lines of the largest group go first', () => {
  const cloud = fakeCloud()
  const state = createLogsState()
  const kept = (name: string) => state.groups.get(name)?.events.map(event => Number(event.message))
  const limits = { group: 10_000, total: 12_000 }
  for (let n = 0; n < 200; n += 1) {
    append({ cloud, state }, { logGroup: 'loud', logStream: 's' }, print(String(n)))
    if (n % 10 === 0) append({ cloud, state }, { logGroup: 'quiet', logStream: 's' }, print(String(n)))
    for (const group of state.groups.values()) makeRoom(state, group, limits)
  }
  const loud = kept('loud') ?? []
  expect(loud.at(-1)).toBe(199)
  expect(loud.length).toBeLessThan(50)
  expect(loud).toEqual(loud.toSorted((a, b) => a - b))
  expect(kept('quiet')).toHaveLength(20)
  const bytes = [...state.groups.values()].map(group => group.storedBytes + group.events.length * 200)
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(limits.total)
})
