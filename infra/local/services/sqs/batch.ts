import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs'
import { ServiceError } from '../../contract.ts'
import { SqsError } from './errors.ts'

const MAX_ENTRIES = 10
const ID = /^[\w-]{1,80}$/

/** Refuses a batch whose entries cannot be told apart. `what` is `SendMessage` and the like. */
export function checkEntries(what: string, entries: readonly { readonly Id: string }[]): void {
  if (entries.length === 0) {
    throw new SqsError(
      'EmptyBatchRequest',
      `There should be at least one ${what}BatchRequestEntry in the request.`,
    )
  }
  if (entries.length > MAX_ENTRIES) {
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    )
  }
  const ids = entries.map(entry => entry.Id)
  if (!ids.every(id => ID.test(id))) {
    throw new SqsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    )
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index)
  if (repeated !== undefined) throw new SqsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`)
}

/** Does each entry by itself: what fails is told beside what went well. */
export function eachEntry<Entry extends { readonly Id: string }, Result>(
  entries: readonly Entry[],
  run: (entry: Entry) => Result,
): { Successful: (Result & { Id: string })[]; Failed: BatchResultErrorEntry[] } {
  const Successful: (Result & { Id: string })[] = []
  const Failed: BatchResultErrorEntry[] = []
  for (const entry of entries) {
    try {
      Successful.push({ ...run(entry), Id: entry.Id })
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message })
    }
  }
  return { Successful, Failed }
}
