import type {
  BatchResultErrorEntry,
  SendMessageBatchRequest,
  SendMessageBatchResult,
  SendMessageBatchResultEntry,
} from '@aws-sdk/client-sqs'
import { type LocalCloud, type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { send } from '../send.ts'
import { queueAt, type SqsState } from '../state.ts'

const MAX_ENTRIES = 10

/** Up to ten messages; a bad one fails alone. */
export const sendMessageBatch =
  (cloud: LocalCloud, state: SqsState) =>
  (input: SendMessageBatchRequest, context: OperationContext): SendMessageBatchResult => {
    refuseUnknown('sqs SendMessageBatch', input, ['QueueUrl', 'Entries'])
    const queue = queueAt(state, input.QueueUrl)
    context.authorize('sqs:SendMessage', queue.arn)
    const entries = input.Entries ?? []
    checkEntries(entries.map(entry => entry.Id ?? ''))
    const Successful: SendMessageBatchResultEntry[] = []
    const Failed: BatchResultErrorEntry[] = []
    for (const entry of entries) {
      refuseUnknown('sqs SendMessageBatch entry', entry, [
        'Id',
        'MessageBody',
        'DelaySeconds',
        'MessageAttributes',
      ])
      try {
        Successful.push({ Id: entry.Id, ...send(cloud, queue, entry, context.identity) })
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error
        Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true })
      }
    }
    return { Successful, Failed }
  }

function checkEntries(ids: readonly string[]): void {
  if (ids.length === 0)
    throw new ServiceError(
      'EmptyBatchRequest',
      'There should be at least one SendMessageBatchRequestEntry in the request.',
    )
  if (ids.length > MAX_ENTRIES) {
    throw new ServiceError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${ids.length}.`,
    )
  }
  if (new Set(ids).size < ids.length)
    throw new ServiceError('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id.')
}
