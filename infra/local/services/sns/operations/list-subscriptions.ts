import { z } from 'zod'
import { type DescribedSubscription, describeSubscription } from '../describe.ts'
import { pageOf, type SnsOperation } from '../sns.ts'

const INPUT = z.strictObject({ NextToken: z.optional(z.string()) })

export const listSubscriptions: SnsOperation<
  typeof INPUT,
  { Subscriptions: DescribedSubscription[]; NextToken?: string }
> = {
  input: INPUT,
  run({ cloud, state }, { NextToken }, context) {
    context.authorize('sns:ListSubscriptions', `arn:aws:sns:${cloud.region}:${cloud.accountId}:*`)
    const { items, ...more } = pageOf([...state.subscriptions.values()], NextToken)
    return { Subscriptions: items.map(describeSubscription(cloud.accountId)), ...more }
  },
}
