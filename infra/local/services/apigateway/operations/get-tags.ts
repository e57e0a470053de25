import type { GetTagsRequest, Tags } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, Wire } from '../gateway.ts'
import { findTagged } from './tagged.ts'

export const getTags: ControlOperation<GetTagsRequest, Wire<Tags>> = {
  method: 'GET',
  path: '/tags/{resource_arn+}',
  parameters: {
    resourceArn: { wire: 'resource_arn', type: 'string', required: true },
    position: { type: 'unsupported' },
    limit: { type: 'unsupported' },
  },
  run: (gateway, input) => ({ tags: { ...findTagged(gateway, input.resourceArn).tags } }),
}
