import type { ApiKey as SdkApiKey, UpdateApiKeyRequest } from '@aws-sdk/client-api-gateway'
import { badRequest } from '../errors.ts'
import { type ControlOperation, visibleAt, type Wire } from '../gateway.ts'
import type { ApiKey } from '../state.ts'
import { publish } from '../versions.ts'
import { apiKeyView } from './api-key-view.ts'
import { findKey } from './find.ts'
import { type Patch, readPatches, refusePatch } from './patch.ts'

export const updateApiKey: ControlOperation<UpdateApiKeyRequest, Wire<SdkApiKey>> = {
  method: 'PATCH',
  path: '/apikeys/{api_Key}',
  parameters: {
    apiKey: { wire: 'api_Key', type: 'string', required: true },
    patchOperations: { type: 'list' },
  },
  run(gateway, input) {
    const before = findKey(gateway, input.apiKey)
    const patched = readPatches(input.patchOperations).reduce(apply, before)
    const key = { ...patched, lastUpdatedAt: gateway.cloud.clock.now() }
    gateway.state.keys.set(key.id, key)
    const seen = { id: key.id, enabled: key.enabled }
    publish(gateway.state.dataPlane.keys, key.value, seen, visibleAt(gateway))
    gateway.cloud.clock.wrote()
    return apiKeyView(key, false)
  },
}

function apply(key: ApiKey, patch: Patch): ApiKey {
  if (patch.op !== 'replace') return refusePatch('UpdateApiKey', patch)
  switch (patch.path) {
    case '/enabled':
      if (patch.value !== 'true' && patch.value !== 'false') throw badRequest('Invalid value for /enabled')
      return { ...key, enabled: patch.value === 'true' }
    case '/name':
      return { ...key, name: patch.value ?? '' }
    case '/description':
      return { ...key, description: patch.value ?? '' }
    case '/customerId':
      return { ...key, customerId: patch.value ?? '' }
    default:
      return refusePatch('UpdateApiKey', patch)
  }
}
