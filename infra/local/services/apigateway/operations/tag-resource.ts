import type { TagResourceRequest } from '@aws-sdk/client-api-gateway'
import { UnsupportedError } from '../../../contract.ts'
import type { ControlOperation } from '../gateway.ts'
import { findTagged } from './tagged.ts'
import { readTags } from './tags.ts'

export const tagResource: ControlOperation<TagResourceRequest, void> = {
  method: 'PUT',
  path: '/tags/{resource_arn+}',
  status: 204,
  parameters: {
    resourceArn: { wire: 'resource_arn', type: 'string', required: true },
    tags: { type: 'object', required: true },
  },
  run(gateway, input) {
    const { tags, store } = findTagged(gateway, input.resourceArn)
    if (store === undefined) throw new UnsupportedError('changing the tags of what a template made')
    store(readTags({ ...tags, ...readTags(input.tags) }))
    gateway.cloud.clock.wrote()
  },
}
