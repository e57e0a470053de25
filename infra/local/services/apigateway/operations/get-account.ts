import type { Account, GetAccountRequest } from '@aws-sdk/client-api-gateway'
import { ACCOUNT_LIMIT } from '../../../http-front/account-throttle.ts'
import { type ControlOperation, present, type Wire } from '../gateway.ts'

/** The account's limits are AWS's defaults. */
export const getAccount: ControlOperation<GetAccountRequest, Wire<Account>> = {
  method: 'GET',
  path: '/account',
  parameters: {},
  run: gateway =>
    present({
      cloudwatchRoleArn: gateway.state.account.cloudwatchRoleArn,
      throttleSettings: { ...ACCOUNT_LIMIT },
      features: ['UsagePlans'],
      apiKeyVersion: '4',
    }),
}
