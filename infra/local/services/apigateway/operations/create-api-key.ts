import { randomBytes } from 'node:crypto'
import type { CreateApiKeyRequest, ApiKey as SdkApiKey } from '@aws-sdk/client-api-gateway'
import { randomId } from '../../../http-front/ids.ts'
import { badRequest, conflict, limitExceeded } from '../errors.ts'
import { type ControlOperation, type Gateway, present, visibleAt, type Wire } from '../gateway.ts'
import type { ApiKey } from '../state.ts'
import { publish } from '../versions.ts'
import { apiKeyView } from './api-key-view.ts'
import { readTags } from './tags.ts'

const MIN_VALUE_LENGTH = 20
const MAX_VALUE_LENGTH = 128
const MAX_NAME_LENGTH = 1024
/** Keys per account and Region; not adjustable. */
const MAX_KEYS = 10_000

export const createApiKey: ControlOperation<CreateApiKeyRequest, Wire<SdkApiKey>> = {
  method: 'POST',
  path: '/apikeys',
  status: 201,
  parameters: {
    name: { type: 'string' },
    description: { type: 'string' },
    enabled: { type: 'boolean' },
    generateDistinctId: { type: 'boolean' },
    value: { type: 'string' },
    stageKeys: { type: 'unsupported' },
    customerId: { type: 'string' },
    tags: { type: 'object' },
  },
  run(gateway, input) {
    const key = decide(gateway, input)
    gateway.state.keys.set(key.id, key)
    const seen = { id: key.id, enabled: key.enabled }
    publish(gateway.state.dataPlane.keys, key.value, seen, visibleAt(gateway))
    gateway.cloud.clock.wrote()
    return apiKeyView(key, { value: true })
  },
}

function decide(gateway: Gateway, input: CreateApiKeyRequest): ApiKey {
  const { keys } = gateway.state
  const value = input.value ?? randomBytes(30).toString('base64url').replaceAll(/[-_]/g, 'x')
  if (value.length < MIN_VALUE_LENGTH) {
    throw badRequest(`API Key value should be at least ${MIN_VALUE_LENGTH} characters`)
  }
  if (value.length > MAX_VALUE_LENGTH) {
    throw badRequest(`API Key value should be at most ${MAX_VALUE_LENGTH} characters`)
  }
  if ((input.name ?? '').length > MAX_NAME_LENGTH) {
    throw badRequest(`API Key name should be at most ${MAX_NAME_LENGTH} characters`)
  }
  for (const other of keys.values()) {
    if (other.value === value) throw conflict('API Key already exists')
  }
  if (keys.size >= MAX_KEYS)
    throw limitExceeded('Maximum number of API keys for this account has been reached')
  const now = gateway.cloud.clock.now()
  const optional = { name: input.name, description: input.description, customerId: input.customerId }
  return {
    id: randomId(10),
    value,
    ...present(optional),
    enabled: input.enabled ?? false,
    createdAt: now,
    lastUpdatedAt: now,
    tags: readTags(input.tags),
  }
}
