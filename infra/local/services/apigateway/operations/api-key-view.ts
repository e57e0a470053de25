import type { ApiKey as SdkApiKey } from '@aws-sdk/client-api-gateway'
import { epochSeconds, present, type Wire } from '../gateway.ts'
import type { ApiKey } from '../state.ts'
import { shownTags } from './tags.ts'

/** A key as the API shows it; the value and an empty map of tags only where API Gateway shows them. */
export const apiKeyView = (
  key: ApiKey,
  show: { readonly value?: boolean | undefined; readonly emptyTags?: boolean },
): Wire<SdkApiKey> =>
  present({
    id: key.id,
    value: show.value ? key.value : undefined,
    name: key.name,
    description: key.description,
    customerId: key.customerId,
    enabled: key.enabled,
    createdDate: epochSeconds(key.createdAt),
    lastUpdatedDate: epochSeconds(key.lastUpdatedAt),
    stageKeys: [],
    tags: shownTags(key.tags, show.emptyTags),
  })
