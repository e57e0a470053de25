import type { UntagResourceRequest } from '@aws-sdk/client-api-gateway'
import { UnsupportedError } from '../../../contract.ts'
import type { ControlOperation } from '../gateway.ts'
import { findTagged } from './tagged.ts'

export const untagResource: ControlOperation<UntagResourceRequest, void> = {
  method: 'DELETE',
  path: '/tags/{resource_arn+}',
  status: 204,
  parameters: {
    resourceArn: { wire: 'resource_arn', type: 'string', required: true },
    tagKeys: { type: 'texts', required: true },
  },
  run(gateway, input) {
    const { tags, store } = findTagged(gateway, input.resourceArn)
    if (store === undefined) throw new UnsupportedError('changing the tags of what a template made')
    store(Object.fromEntries(Object.entries(tags).filter(([key]) => !input.tagKeys?.includes(key))))
    gateway.cloud.clock.wrote()
  },
}
