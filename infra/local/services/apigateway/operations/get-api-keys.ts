import type { GetApiKeysRequest, ApiKey as SdkApiKey } from '@aws-sdk/client-api-gateway'
import { type ControlOperation, present, type WireList } from '../gateway.ts'
import { paginate } from '../paginate.ts'
import { apiKeyView } from './api-key-view.ts'

export const getApiKeys: ControlOperation<GetApiKeysRequest, WireList<SdkApiKey>> = {
  method: 'GET',
  path: '/apikeys',
  parameters: {
    position: { type: 'string' },
    limit: { type: 'number' },
    nameQuery: { wire: 'name', type: 'string' },
    customerId: { type: 'string' },
    includeValues: { type: 'boolean' },
  },
  run(gateway, input) {
    const { nameQuery, customerId } = input
    const matching = [...gateway.state.keys.values()].filter(
      key =>
        (nameQuery === undefined || (key.name ?? '').startsWith(nameQuery)) &&
        (customerId === undefined || key.customerId === customerId),
    )
    const page = paginate(matching, input)
    return present({
      position: page.position,
      item: page.items.map(key => apiKeyView(key, { value: input.includeValues })),
    })
  },
}
