import type { UsagePlanKey } from '@aws-sdk/client-api-gateway'
import { present, type Wire } from '../gateway.ts'
import type { ApiKey } from '../state.ts'

export const usagePlanKeyView = (key: ApiKey): Wire<UsagePlanKey> =>
  present({ id: key.id, type: 'API_KEY', value: key.value, name: key.name })
