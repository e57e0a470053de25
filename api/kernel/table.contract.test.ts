import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createMemoryTable } from './memory-table.ts'
import { isNew, type Table } from './table.ts'
import { startDynalite } from './testing/dynalite-table.ts'

let dynalite: Awaited<ReturnType<typeof startDynalite>>
beforeAll(async () => {
  dynalite = await startDynalite()
})
afterAll(() => dynalite.stop())

const key = { pk: 'p', sk: 's' }

describe.each([
  ['memory', async () => createMemoryTable()],
  ['dynamo', () => dynalite.createTable()],
] as const)('a %s table', (_name, create) => {
  let table: Table
  beforeEach(async () => {
    table = await create()
  })

  test('gives back every kind of value as it was put, without undefined members', async () => {
    const item = {
      ...key,
      text: '',
      number: -12.5,
      large: Number.MAX_SAFE_INTEGER,
      yes: true,
      nothing: null,
      list: [1, 'a', { b: [] }],
      map: { 'with.dot': 1, empty: {} },
      bytes: Uint8Array.from([0, 255]),
    }
    expect(await table.put({ ...item, gone: undefined, map: { ...item.map, gone: undefined } })).toBe(true)
    expect(await table.get(key)).toEqual(item)
    expect(Object.keys((await table.get(key)) ?? {})).not.toContain('gone')
  })

  test('shares no memory with its callers', async () => {
    const item = { ...key, list: [1] }
    await table.put(item)
    item.list.push(2)
    const read = (await table.get(key)) as unknown as typeof item
    read.list.push(3)
    expect((await table.get(key))?.list).toEqual([1])
  })

  test('refuses what cannot be stored', async () => {
    await expect(table.put({ ...key, at: new Date(0) })).rejects.toThrow()
    await expect(table.put({ ...key, n: Number.NaN })).rejects.toThrow()
  })

  test('an item that is not there reads as undefined', async () => {
    expect(await table.get(key)).toBeUndefined()
  })

  test('a put replaces the whole item', async () => {
    await table.put({ ...key, a: 1 })
    await table.put({ ...key, b: 2 })
    expect(await table.get(key)).toEqual({ ...key, b: 2 })
  })

  test('of two puts that must be the first, one succeeds', async () => {
    const won = await Promise.all([table.put({ ...key, n: 1 }, isNew), table.put({ ...key, n: 2 }, isNew)])
    expect(won.toSorted()).toEqual([false, true])
  })

  test.each([
    [{ absent: 'missing' }, true],
    [{ absent: 'n' }, false],
    [{ present: 'n' }, true],
    [{ present: ['m', 'x'] }, true],
    [{ present: ['m', 'missing'] }, false],
    [{ path: 'n', equals: 5 }, true],
    [{ path: 'n', equals: '5' }, false],
    [{ path: 'missing', equals: 5 }, false],
    [{ path: 'flag', equals: true }, true],
    [{ path: 'n', notEquals: 5 }, false],
    [{ path: 'n', notEquals: 6 }, true],
    [{ path: 'missing', notEquals: 6 }, true],
    [{ path: 'n', lessThan: 6 }, true],
    [{ path: 'n', lessThan: 5 }, false],
    [{ path: 'n', atLeast: 5 }, true],
    [{ path: 'n', atLeast: 6 }, false],
    [{ path: 'n', atLeast: '1' }, false],
    [{ path: 'missing', atLeast: 0 }, false],
    [{ path: 's', lessThan: 'b' }, true],
    [{ path: ['m', 'x'], atLeast: 1 }, true],
  ] as const)('the condition %j holds: %s', async (condition, holds) => {
    await table.put({ ...key, n: 5, s: 'a', flag: true, m: { x: 1 } })
    expect((await table.update(key, [{ set: 'seen', to: 1 }], [condition])) !== undefined).toBe(holds)
    expect((await table.get(key))?.seen).toBe(holds ? 1 : undefined)
    expect(await table.remove(key, [condition])).toBe(holds)
    expect((await table.get(key)) === undefined).toBe(holds)
  })

  test('all conditions must hold', async () => {
    await table.put({ ...key, n: 5 })
    const both = [{ present: 'n' }, { path: 'n', lessThan: 5 }] as const
    expect(await table.put({ ...key, n: 6 }, both)).toBe(false)
    expect((await table.get(key))?.n).toBe(5)
  })

  test('an update sets, adds, keeps and removes, also inside maps', async () => {
    await table.put({ ...key, n: 1, kept: 'old', gone: 1, m: { x: 1, gone: 1 } })
    const after = await table.update(key, [
      { set: 'text', to: { a: [1] } },
      { set: ['m', 'with.dot'], to: 2 },
      { setIfAbsent: 'kept', to: 'new' },
      { setIfAbsent: 'fresh', to: {} },
      { add: 'n', by: -3 },
      { add: ['m', 'hour'], by: 4 },
      { remove: 'gone' },
      { remove: ['m', 'gone'] },
    ])
    const expected = {
      ...key,
      n: -2,
      kept: 'old',
      fresh: {},
      text: { a: [1] },
      m: { x: 1, 'with.dot': 2, hour: 4 },
    }
    expect(after).toEqual(expected)
    expect(await table.get(key)).toEqual(expected)
  })

  test('an update makes the item when there is none', async () => {
    expect(await table.update(key, [{ add: 'n', by: 2 }])).toEqual({ ...key, n: 2 })
    expect(await table.update({ pk: 'p', sk: 'bare' }, [])).toEqual({ pk: 'p', sk: 'bare' })
  })

  test('a path into a map that is not there throws and changes nothing', async () => {
    await table.put({ ...key, n: 1 })
    await expect(table.update(key, [{ add: ['h', 'x'], by: 1 }])).rejects.toThrow(/path/)
    await expect(table.update({ pk: 'p', sk: 'none' }, [{ set: ['h', 'x'], to: 1 }])).rejects.toThrow(/path/)
    expect(await table.get(key)).toEqual({ ...key, n: 1 })
  })

  test('overlapping changes throw', async () => {
    await table.put({ ...key, h: {} })
    const changes = [
      { setIfAbsent: 'h', to: {} },
      { add: ['h', 'x'], by: 1 },
    ] as const
    await expect(table.update(key, changes)).rejects.toThrow(/overlap/)
  })

  test('adding to what is not a number throws', async () => {
    await table.put({ ...key, n: 'text' })
    await expect(table.update(key, [{ add: 'n', by: 1 }])).rejects.toThrow(/type/)
  })

  test('concurrent additions are all counted', async () => {
    await Promise.all(Array.from({ length: 50 }, () => table.update(key, [{ add: 'n', by: 2 }])))
    expect((await table.get(key))?.n).toBe(100)
  })

  test('a query reads one partition in order, by prefix or by inclusive bounds', async () => {
    for (const sk of ['b#2', 'a#1', 'c#1', 'b#1', 'b#3']) await table.put({ pk: 'p', sk })
    await table.put({ pk: 'other', sk: 'b#9' })
    const read = async (query: object) =>
      (await table.query({ pk: 'p', ...query })).map(item => item.sk).join(' ')
    expect(await read({})).toBe('a#1 b#1 b#2 b#3 c#1')
    expect(await read({ prefix: 'b#' })).toBe('b#1 b#2 b#3')
    expect(await read({ from: 'b#1', to: 'b#3' })).toBe('b#1 b#2 b#3')
    expect(await read({ from: 'b#3' })).toBe('b#3 c#1')
    expect(await read({ to: 'b#1' })).toBe('a#1 b#1')
    expect(await read({ descending: true, limit: 2 })).toBe('c#1 b#3')
    expect(await read({ prefix: 'b#', limit: 1 })).toBe('b#1')
    expect(await read({ from: 'x' })).toBe('')
  })

  test('a query reads past the end of a page (1 MB)', async () => {
    const text = 'x'.repeat(300_000)
    for (let n = 0; n < 5; n++) await table.put({ pk: 'p', sk: `${n}`, text })
    expect(await table.query({ pk: 'p' })).toHaveLength(5)
    expect(await table.query({ pk: 'p', limit: 4 })).toHaveLength(4)
  })

  test('the index lists items with unpublished events by time', async () => {
    await table.put({ pk: 'a', sk: '1', outbox: 'pending', outboxAt: '2026-01-02' })
    await table.put({ pk: 'b', sk: '1', outbox: 'pending', outboxAt: '2026-01-01' })
    await table.put({ pk: 'c', sk: '1' })
    const read = async (to: string) =>
      (await table.query({ pk: 'pending', index: 'unpublished', to })).map(item => item.pk)
    expect(await read('2026-01-02')).toEqual(['b', 'a'])
    expect(await read('2026-01-01')).toEqual(['b'])
    await table.update({ pk: 'b', sk: '1' }, [{ remove: 'outbox' }])
    expect(await read('2026-01-02')).toEqual(['a'])
  })
})
