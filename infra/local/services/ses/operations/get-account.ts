import type { GetAccountRequest, GetAccountResponse } from '@aws-sdk/client-sesv2'
import { z } from 'zod'
import type { SesOperation } from '../ses.ts'

const DAY_MS = 24 * 60 * 60 * 1000

const INPUT = z.strictObject({}) satisfies z.ZodType<GetAccountRequest>

/** An account out of the sandbox, with the quota that AWS gives such accounts at first. Nothing is held to it here. */
export const getAccount: SesOperation<typeof INPUT, GetAccountResponse> = {
  input: INPUT,
  run({ cloud, state }, _input, context) {
    context.authorize('ses:GetAccount', '*')
    const since = cloud.clock.now() - DAY_MS
    return {
      DedicatedIpAutoWarmupEnabled: false,
      EnforcementStatus: 'HEALTHY',
      ProductionAccessEnabled: true,
      SendingEnabled: true,
      SendQuota: {
        Max24HourSend: 50_000,
        MaxSendRate: 14,
        SentLast24Hours: state.sentAt.filter(at => at > since).length,
      },
      SuppressionAttributes: { SuppressedReasons: [] },
    }
  },
}
