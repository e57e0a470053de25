import type { LocalCloud, ResourceProvider } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { queueAt, type SqsState } from '../state.ts'

/** `AWS::SQS::QueuePolicy`: one document for each queue, given by URL. */
export const queuePolicy =
  (cloud: LocalCloud, state: SqsState): ResourceProvider =>
  ({ logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['PolicyDocument', 'Queues'])
    for (const url of properties.Queues)
      cloud.setResourcePolicy(queueAt(state, url).arn, properties.PolicyDocument)
    return { ref: logicalId, attributes: { Id: logicalId } }
  }
