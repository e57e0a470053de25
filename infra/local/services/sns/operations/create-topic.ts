import { z } from 'zod'
import { UnsupportedError } from '../../../contract.ts'
import { invalidParameter, type SnsOperation, topicArn } from '../sns.ts'

const INPUT = z.strictObject({
  Name: z.string(),
  Attributes: z.optional(z.record(z.string(), z.string())),
  Tags: z.optional(z.array(z.strictObject({ Key: z.string(), Value: z.string() }))),
})

/** Making a topic again answers the one that is there. */
export const createTopic: SnsOperation<typeof INPUT, { TopicArn: string }> = {
  input: INPUT,
  run({ cloud, state }, { Name, Attributes = {} }, context) {
    if (!/^[\w-]{1,256}$/.test(Name)) throw invalidParameter('Topic Name')
    const other = Object.keys(Attributes).find(name => name !== 'DisplayName')
    if (other !== undefined) throw new UnsupportedError(`the topic attribute ${other} of SNS`)
    const arn = topicArn(cloud, Name)
    context.authorize('sns:CreateTopic', arn)
    if (!state.topics.has(arn)) {
      state.topics.set(arn, { arn, attributes: Attributes, fromTemplate: false })
      cloud.clock.wrote()
    }
    return { TopicArn: arn }
  },
}
