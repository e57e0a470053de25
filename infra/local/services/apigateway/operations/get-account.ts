import type { Account, GetAccountRequest } from '@aws-sdk/client-api-gateway'
import { type ControlOperation, present, type Wire } from '../gateway.ts'

/** The account's limits are AWS's defaults; here they do not throttle. */
export const getAccount: ControlOperation<GetAccountRequest, Wire<Account>> = {
  method: 'GET',
  path: '/account',
  parameters: {},
  run: gateway =>
    present({
      cloudwatchRoleArn: gateway.state.account.cloudwatchRoleArn,
      throttleSettings: { burstLimit: 5_000, rateLimit: 10_000 },
      features: ['UsagePlans'],
      apiKeyVersion: '4',
    }),
}
