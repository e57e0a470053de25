import { expect, test } from 'vitest'
import { fail } from '#kernel/result'
import { DAY_MS, plusMs } from '#kernel/time'
import { callAt, createFakeAccess } from '../procedures/testing/test-deps.ts'
import * as given from '../workflows/testing/fixtures.ts'
import { repairCounter } from './repair-counter.ts'

const NOW = plusMs(given.PERIOD.start, 3 * DAY_MS)

async function setUp() {
  const billing = await given.createBilling()
  await given.subscribe(billing)
  await billing.use(12, plusMs(given.PERIOD.start, DAY_MS))
  const fake = createFakeAccess()
  fake.counters.set(given.ACCOUNT, {
    ...{ segmentStart: given.PERIOD.start, leftUnits: 88, settledUnits: 0, takenByHour: {} },
    ...{ repairs: 0, leftByKey: {} },
  })
  return { billing, fake }
}

test.each(['getAccess', 'repairCounter'] as const)(
  'a refusal of %s is an error, so that the account keeps its marker and is repaired at the next run',
  async procedure => {
    const { billing, fake } = await setUp()
    const refusing = { ...fake.client, [procedure]: async () => fail('forbidden', 'Not now.') }
    const repair = repairCounter({ ...billing, access: refusing }, given.ACCOUNT, callAt(NOW))
    await expect(repair).rejects.toThrow('forbidden')
    expect(fake.counters.get(given.ACCOUNT)?.repairs).toBe(0)
    await repairCounter({ ...billing, access: fake.client }, given.ACCOUNT, callAt(NOW))
    expect(fake.counters.get(given.ACCOUNT)?.repairs).toBe(1)
  },
)
