import type { GetApiKeyRequest, ApiKey as SdkApiKey } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, Wire } from '../gateway.ts'
import { apiKeyView } from './api-key-view.ts'
import { findKey } from './find.ts'

export const getApiKey: ControlOperation<GetApiKeyRequest, Wire<SdkApiKey>> = {
  method: 'GET',
  path: '/apikeys/{api_Key}',
  parameters: {
    apiKey: { wire: 'api_Key', type: 'string', required: true },
    includeValue: { type: 'boolean' },
  },
  run: (gateway, input) =>
    apiKeyView(findKey(gateway, input.apiKey), { value: input.includeValue, emptyTags: true }),
}
