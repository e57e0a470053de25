import type {
  AdminRespondToAuthChallengeRequest,
  AdminRespondToAuthChallengeResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminPool } from '../admin.ts'
import { answerChallenge } from '../answer-challenge.ts'
import { type CognitoOperation, clientIn } from '../cognito.ts'
import { CHALLENGES } from '../flows.ts'
import { clientId, clientMetadata, poolId, session, strings } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  ClientId: clientId,
  ChallengeName: CHALLENGES,
  ChallengeResponses: z.optional(strings),
  Session: z.optional(session),
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<AdminRespondToAuthChallengeRequest>

/** Answers a challenge of `AdminInitiateAuth`. */
export const adminRespondToAuthChallenge: CognitoOperation<
  typeof INPUT,
  AdminRespondToAuthChallengeResponse
> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'AdminRespondToAuthChallenge', input.UserPoolId)
    const client = clientIn(pool, input.ClientId)
    const parameters = input.ChallengeResponses ?? {}
    return answerChallenge({ cognito, pool, client, parameters }, input.ChallengeName, input.Session)
  },
}
