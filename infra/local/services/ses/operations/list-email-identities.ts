import type { ListEmailIdentitiesRequest, ListEmailIdentitiesResponse } from '@aws-sdk/client-sesv2'
import { z } from 'zod'
import { queryInteger } from '../../../input/members.ts'
import { badRequest, identityType, type SesOperation } from '../ses.ts'

const MAX_PAGE = 1_000

const INPUT = z.strictObject({
  NextToken: z.optional(z.string()),
  PageSize: z.optional(queryInteger(0, MAX_PAGE)),
}) satisfies z.ZodType<ListEmailIdentitiesRequest>

export const listEmailIdentities: SesOperation<typeof INPUT, ListEmailIdentitiesResponse> = {
  input: INPUT,
  run({ state }, { NextToken = '0', PageSize }, context) {
    context.authorize('ses:ListEmailIdentities', '*')
    if (!/^\d{1,9}$/.test(NextToken)) throw badRequest('Invalid next token.')
    const identities = [...state.identities.values()].map(({ name }) => ({
      IdentityType: identityType(name),
      IdentityName: name,
      SendingEnabled: true,
      VerificationStatus: 'SUCCESS' as const,
    }))
    const next = Number(NextToken) + (PageSize || MAX_PAGE)
    return {
      EmailIdentities: identities.slice(Number(NextToken), next),
      ...(next < identities.length ? { NextToken: String(next) } : {}),
    }
  },
}
