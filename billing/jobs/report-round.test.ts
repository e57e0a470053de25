import { expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import { MINUTE_MS, parseInstant, plusMs } from '#kernel/time'
import { findRound, holdRound, leaveRound } from './report-round.ts'

const NOW = parseInstant('2026-11-22T14:00:00Z')
const LATER = plusMs(NOW, 2 * MINUTE_MS)

test('a run that was thought dead does not undo what the one after it did', async () => {
  const billing = createMemoryTable()
  const hold = async (now: typeof NOW) => {
    const found = await findRound(billing, now, now)
    return found && holdRound(billing, found, now)
  }
  const [first, second] = [await hold(NOW), await hold(LATER)]
  if (!first || !second) throw new Error('both find the round free')
  await leaveRound(billing, second, { after: 'acct_9', isDone: true })
  await leaveRound(billing, first, { after: 'acct_1', isDone: false })
  expect(await findRound(billing, LATER, LATER)).toBeUndefined()
})
