import type {
  ListTagsOfResourceCommandInput,
  ListTagsOfResourceCommandOutput,
} from '@aws-sdk/client-dynamodb'
import { type Operation, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Dynamo, requiredName } from '../request.ts'

/** All tags at once: a table has at most 50. */
export function listTagsOfResource({ tables }: Dynamo): Operation {
  return (
    input: ListTagsOfResourceCommandInput,
    { authorize },
  ): Omit<ListTagsOfResourceCommandOutput, '$metadata'> => {
    refuseUnknown('dynamodb ListTagsOfResource', input, ['ResourceArn'])
    const name = requiredName(input.ResourceArn, 'resourceArn')
    const arn = String(input.ResourceArn)
    authorize('dynamodb:ListTagsOfResource', arn)
    const settings = tables.settings.get(name)
    if (!settings) {
      const message = `Requested resource not found: ResourcArn: ${arn} not found`
      throw new ServiceError('ResourceNotFoundException', message)
    }
    return { Tags: [...settings.tags] }
  }
}
