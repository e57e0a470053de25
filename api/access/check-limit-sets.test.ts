import { expect, test } from 'vitest'
import type { Call } from '#kernel/rpc'
import { instant } from '#kernel/time'
import { checkLimitSets } from './check-limit-sets.ts'
import { createMemoryGateway } from './memory-gateway.ts'

const call = (service: 'billing' | 'portal'): Call => ({
  now: instant(0),
  actor: { kind: 'service', service },
  requestId: 'r',
})

test('says what API Gateway has of each limit set that is asked for, to billing alone', async () => {
  const gateway = createMemoryGateway()
  await gateway.createUsagePlan('tollgate-r2-b20', { ratePerSecond: 2, burst: 20 })
  await gateway.createUsagePlan('somebody-else', { ratePerSecond: 9, burst: 9 })
  const ask = checkLimitSets({ gateway })
  expect(await ask({ limitSetIds: ['r2-b20', 'r9-b9'] }, call('billing'))).toEqual({
    ok: true,
    value: {
      limitSets: [
        { limitSetId: 'r2-b20', usagePlan: { ratePerSecond: 2, burst: 20, hasStage: true } },
        { limitSetId: 'r9-b9', usagePlan: null },
      ],
    },
  })
  expect(await ask({ limitSetIds: [] }, call('portal'))).toMatchObject({ ok: false, code: 'forbidden' })
})
