import { z } from 'zod'
import type { SnsOperation } from '../sns.ts'

const INPUT = z.strictObject({ TopicArn: z.string() })

/** Its subscriptions go with it. Deleting a topic that is not there succeeds too. */
export const deleteTopic: SnsOperation<typeof INPUT, undefined> = {
  input: INPUT,
  run({ cloud, state }, { TopicArn }, context) {
    context.authorize('sns:DeleteTopic', TopicArn)
    if (!state.topics.delete(TopicArn)) return undefined
    for (const { arn, topicArn } of [...state.subscriptions.values()])
      if (topicArn === TopicArn) state.subscriptions.delete(arn)
    cloud.setResourcePolicy(TopicArn, undefined)
    cloud.clock.wrote()
    return undefined
  },
}
