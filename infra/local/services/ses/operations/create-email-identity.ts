import type { CreateEmailIdentityRequest, CreateEmailIdentityResponse } from '@aws-sdk/client-sesv2'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { text } from '../../../input/members.ts'
import { badRequest, identityArn, identityType, type SesOperation } from '../ses.ts'

const INPUT = z.strictObject({
  EmailIdentity: text({ min: 1 }),
  Tags: z.optional(z.array(z.strictObject({ Key: z.string(), Value: z.string() }))),
}) satisfies z.ZodType<CreateEmailIdentityRequest>

/** An address or a domain; here it is verified at once. */
export const createEmailIdentity: SesOperation<typeof INPUT, CreateEmailIdentityResponse> = {
  input: INPUT,
  run({ cloud, state }, { EmailIdentity: name }, context) {
    context.authorize('ses:CreateEmailIdentity', identityArn(cloud, name))
    if (!/^([^\s@]+@)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(name))
      throw badRequest(`Invalid email identity <${name}>.`)
    if (state.identities.has(name))
      throw new ServiceError('AlreadyExistsException', `Email identity ${name} already exist.`)
    state.identities.set(name, { name, fromTemplate: false })
    cloud.clock.wrote()
    return { IdentityType: identityType(name), VerifiedForSendingStatus: true }
  },
}
