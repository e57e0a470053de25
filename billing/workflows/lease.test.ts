import { expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import { plusMs, SECOND_MS } from '#kernel/time'
import { withLease } from './lease.ts'
import { ACCOUNT, PERIOD } from './testing/fixtures.ts'

const NOW = PERIOD.start
const done = async () => 'done'

test('while one is at an account another is told to come back, and other accounts are not affected', async () => {
  const table = createMemoryTable()
  await withLease(table, ACCOUNT, 'one', NOW, async () => {
    const other = withLease(table, ACCOUNT, 'two', plusMs(NOW, 89 * SECOND_MS), done)
    await expect(other).rejects.toMatchObject({ name: 'TransientError' })
    expect(await withLease(table, `${ACCOUNT}x`, 'two', NOW, done)).toBe('done')
  })
})

test('the lease is given back, also by work that fails', async () => {
  const table = createMemoryTable()
  const failing = withLease(table, ACCOUNT, 'one', NOW, () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  expect(await withLease(table, ACCOUNT, 'two', NOW, done)).toBe('done')
})

test('who died is waited out, and when it wakes up after all the next one keeps its lease', async () => {
  const table = createMemoryTable()
  const later = plusMs(NOW, 91 * SECOND_MS)
  const [isAtWork, wake] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const late = withLease(table, ACCOUNT, 'late', NOW, () => {
    isAtWork.resolve()
    return wake.promise
  })
  await isAtWork.promise
  await withLease(table, ACCOUNT, 'next', later, async () => {
    wake.resolve()
    await late
    await expect(withLease(table, ACCOUNT, 'third', later, done)).rejects.toThrow('taken')
  })
})
