import type { LocalTime } from '../../contract.ts'
import type { Sqs } from './sqs.ts'
import type { MoveTask, StoredMessage } from './state.ts'

type SavedQueue = {
  readonly changed: Map<string, string>
  readonly modifiedAt: LocalTime
  readonly purgedAt: LocalTime | undefined
  readonly messages: StoredMessage[]
  readonly moves: MoveTask[]
}

export type SqsSnapshot = { readonly queues: ReadonlyMap<string, SavedQueue> }

/** What happened to the queues at run time; the queues themselves come from the templates. */
export const takeSnapshot = ({ queues }: Sqs): SqsSnapshot => ({
  queues: new Map(
    [...queues].map(([name, { changed, modifiedAt, purgedAt, messages, moves }]) => [
      name,
      { changed, modifiedAt, purgedAt, messages, moves },
    ]),
  ),
})

/** Messages of a queue that the templates no longer have are gone, as they are when it is deleted. */
export function restoreSnapshot(sqs: Sqs, { queues }: SqsSnapshot): void {
  for (const [name, saved] of queues) {
    const queue = sqs.queues.get(name)
    if (!queue) continue
    Object.assign(queue, saved)
    const policy = saved.changed.get('Policy')
    if (policy !== undefined) {
      sqs.cloud.setResourcePolicy(queue.arn, policy === '' ? undefined : JSON.parse(policy))
    }
  }
}
