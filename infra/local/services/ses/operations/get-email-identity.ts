import type { GetEmailIdentityRequest, GetEmailIdentityResponse } from '@aws-sdk/client-sesv2'
import { z } from 'zod'
import { text } from '../../../input/members.ts'
import { identityArn, identityType, noSuchIdentity, type SesOperation } from '../ses.ts'

const INPUT = z.strictObject({ EmailIdentity: text({ min: 1 }) }) satisfies z.ZodType<GetEmailIdentityRequest>

export const getEmailIdentity: SesOperation<typeof INPUT, GetEmailIdentityResponse> = {
  input: INPUT,
  run({ cloud, state }, { EmailIdentity: name }, context) {
    context.authorize('ses:GetEmailIdentity', identityArn(cloud, name))
    if (!state.identities.has(name)) throw noSuchIdentity(name)
    return {
      IdentityType: identityType(name),
      FeedbackForwardingStatus: true,
      VerifiedForSendingStatus: true,
      VerificationStatus: 'SUCCESS',
      Policies: {},
      Tags: [],
    }
  },
}
