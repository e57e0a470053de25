import type { ApiKey as SdkApiKey, UpdateApiKeyRequest } from '@aws-sdk/client-api-gateway'
import { UnsupportedError } from '../../../contract.ts'
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
    return apiKeyView(key, { emptyTags: true })
  },
}

/** docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateApiKey-Patch */
function apply(key: ApiKey, patch: Patch): ApiKey {
  if (/^\/(stages|labels)(\/|$)/.test(patch.path)) throw new UnsupportedError('stages and labels of API keys')
  const value = patch.value ?? ''
  switch (`${patch.op} ${patch.path}`) {
    case 'replace /enabled':
      if (value !== 'true' && value !== 'false')
        throw badRequest('Invalid boolean value specified for /enabled')
      return { ...key, enabled: value === 'true' }
    case 'replace /name':
      return { ...key, name: value }
    case 'replace /description':
      return { ...key, description: value }
    case 'replace /customerId':
      return { ...key, customerId: value }
    default:
      return refusePatch(patch, { replace: ['/customerId', '/description', '/enabled', '/name'] })
  }
}
