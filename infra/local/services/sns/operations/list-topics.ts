import { z } from 'zod'
import { pageOf, type SnsOperation } from '../sns.ts'

const INPUT = z.strictObject({ NextToken: z.optional(z.string()) })

export const listTopics: SnsOperation<typeof INPUT, { Topics: { TopicArn: string }[]; NextToken?: string }> =
  {
    input: INPUT,
    run({ cloud, state }, { NextToken }, context) {
      context.authorize('sns:ListTopics', `arn:aws:sns:${cloud.region}:${cloud.accountId}:*`)
      const { items, ...more } = pageOf([...state.topics.keys()], NextToken)
      return { Topics: items.map(TopicArn => ({ TopicArn })), ...more }
    },
  }
