import type {
  RespondToAuthChallengeRequest,
  RespondToAuthChallengeResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { answerChallenge } from '../answer-challenge.ts'
import { type CognitoOperation, clientOf } from '../cognito.ts'
import { CHALLENGES } from '../flows.ts'
import { clientId, clientMetadata, session, strings } from '../members.ts'

const INPUT = z.strictObject({
  ClientId: clientId,
  ChallengeName: CHALLENGES,
  ChallengeResponses: z.optional(strings),
  Session: z.optional(session),
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<RespondToAuthChallengeRequest>

/** Answers a challenge of `InitiateAuth`. */
export const respondToAuthChallenge: CognitoOperation<typeof INPUT, RespondToAuthChallengeResponse> = {
  input: INPUT,
  run(cognito, input) {
    const parameters = input.ChallengeResponses ?? {}
    const attempt = { cognito, ...clientOf(cognito, input.ClientId), parameters }
    return answerChallenge(attempt, input.ChallengeName, input.Session)
  },
}
