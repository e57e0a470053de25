import { z } from 'zod'
import { invalidParameter, type SnsOperation } from '../sns.ts'

const INPUT = z.strictObject({ SubscriptionArn: z.string() })

export const unsubscribe: SnsOperation<typeof INPUT, undefined> = {
  input: INPUT,
  run({ cloud, state }, { SubscriptionArn }, context) {
    if (!SubscriptionArn.startsWith('arn:aws:sns:')) throw invalidParameter('SubscriptionArn')
    context.authorize('sns:Unsubscribe', SubscriptionArn.split(':').slice(0, 6).join(':'))
    if (state.subscriptions.delete(SubscriptionArn)) cloud.clock.wrote()
    return undefined
  },
}
