import type { DeleteEmailIdentityRequest, DeleteEmailIdentityResponse } from '@aws-sdk/client-sesv2'
import { z } from 'zod'
import { text } from '../../../input/members.ts'
import { identityArn, noSuchIdentity, type SesOperation } from '../ses.ts'

const INPUT = z.strictObject({
  EmailIdentity: text({ min: 1 }),
}) satisfies z.ZodType<DeleteEmailIdentityRequest>

export const deleteEmailIdentity: SesOperation<typeof INPUT, DeleteEmailIdentityResponse> = {
  input: INPUT,
  run({ cloud, state }, { EmailIdentity: name }, context) {
    context.authorize('ses:DeleteEmailIdentity', identityArn(cloud, name))
    if (!state.identities.delete(name)) throw noSuchIdentity(name)
    cloud.clock.wrote()
    return {}
  },
}
