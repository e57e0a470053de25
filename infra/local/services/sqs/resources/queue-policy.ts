import type { ResourceProvider } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Sqs } from '../sqs.ts'
import { queueAt } from '../state.ts'

/** `AWS::SQS::QueuePolicy`: one document for each queue, given by URL. */
export const queuePolicy =
  (sqs: Sqs): ResourceProvider =>
  ({ logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['PolicyDocument', 'Queues'])
    for (const url of properties.Queues) {
      const queue = queueAt(sqs, url)
      queue.declared.set('Policy', JSON.stringify(properties.PolicyDocument))
      sqs.cloud.setResourcePolicy(queue.arn, properties.PolicyDocument)
    }
    return { ref: logicalId, attributes: { Id: logicalId } }
  }
