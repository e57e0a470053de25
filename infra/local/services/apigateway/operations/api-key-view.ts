import type { ApiKey as SdkApiKey } from '@aws-sdk/client-api-gateway'
import { epochSeconds, present, type Wire } from '../gateway.ts'
import type { ApiKey } from '../state.ts'

/** A key as the API shows it; the value only where it was asked for. */
export const apiKeyView = (key: ApiKey, includeValue: boolean): Wire<SdkApiKey> =>
  present({
    id: key.id,
    value: includeValue ? key.value : undefined,
    name: key.name,
    description: key.description,
    customerId: key.customerId,
    enabled: key.enabled,
    createdDate: epochSeconds(key.createdAt),
    lastUpdatedDate: epochSeconds(key.lastUpdatedAt),
    stageKeys: [],
    tags: Object.keys(key.tags).length > 0 ? key.tags : undefined,
  })
