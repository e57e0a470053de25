import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryTable } from './memory-table.ts'
import { type DomainEvent, domainEvent, publishPending, publishStranded, withEvents } from './outbox.ts'
import type { Table } from './table.ts'
import { instant, MINUTE_MS, plusMs } from './time.ts'

const at = instant(Date.UTC(2026, 10, 22))
const key = { pk: 'plan', sk: 'starter@1' }
const event = domainEvent('plan.published', at, { planVersionId: 'starter@1' })

let table: Table
let published: DomainEvent[]
const publish = async (event: DomainEvent) => void published.push(event)
beforeEach(async () => {
  table = createMemoryTable()
  published = []
  await table.put({ ...key, name: 'Starter', ...withEvents(at, [event]) })
})

describe('events written with an item', () => {
  test('are published once and leave the item as it is', async () => {
    expect(await publishPending(table, publish, key)).toBe(1)
    expect(await publishPending(table, publish, key)).toBe(0)
    expect(published).toEqual([event])
    expect(await table.get(key)).toEqual({ ...key, name: 'Starter' })
  })

  test('survive a crash between put and publish: the job publishes them a minute later', async () => {
    expect(await publishStranded(table, publish, plusMs(at, MINUTE_MS - 1))).toBe(0)
    expect(await publishStranded(table, publish, plusMs(at, MINUTE_MS))).toBe(1)
    expect(published).toEqual([event])
    expect(await publishStranded(table, publish, plusMs(at, 2 * MINUTE_MS))).toBe(0)
  })

  test('stay when the bus refuses them', async () => {
    const refuse = async () => Promise.reject(new Error('refused'))
    await expect(publishPending(table, refuse, key)).rejects.toThrow('refused')
    expect(await publishPending(table, publish, key)).toBe(1)
  })

  test('are published again after a crash between publish and removal, under the same id', async () => {
    const dying = { ...table, update: async () => Promise.reject(new Error('crash')) }
    await expect(publishPending(dying, publish, key)).rejects.toThrow('crash')
    await publishStranded(table, publish, plusMs(at, MINUTE_MS))
    expect(published.map(({ id }) => id)).toEqual([event.id, event.id])
  })

  test('that were written anew meanwhile are not taken off by an older publisher', async () => {
    const later = domainEvent('plan.archived', plusMs(at, 1), {})
    const racing = async (event: DomainEvent) => {
      if (published.push(event) === 1) await table.put({ ...key, ...withEvents(plusMs(at, 1), [later]) })
    }
    await publishPending(table, racing, key)
    expect(await publishPending(table, publish, key)).toBe(1)
    expect(published).toEqual([event, later])
  })

  test('are not looked for on an item that has none', () => {
    expect(withEvents(at, [])).toEqual({})
  })
})
