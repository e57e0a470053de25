import * as z from 'zod/mini'
import { accountIdSchema, instantSchema, keyIdSchema } from '#kernel/schemas'
import { limitInForceSchema } from '../access/counter.ts'

/**
 * Who calls and when, from API Gateway's request context. `extendedRequestId` identifies the call because a caller can
 * set `requestId`, and would then pay once for many calls
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html).
 */
const requestContextSchema = z.object({
  extendedRequestId: z.string().check(z.minLength(1)),
  requestTimeEpoch: instantSchema,
  authorizer: z.object({
    account: accountIdSchema,
    key: keyIdSchema,
    plan: z.string().check(z.minLength(1)),
    limit: z.optional(z.string()),
  }),
})

const callerSchema = z.pipe(
  requestContextSchema,
  z.transform(({ extendedRequestId, requestTimeEpoch, authorizer: { account, key, plan, limit } }) => ({
    id: extendedRequestId,
    usedAt: requestTimeEpoch,
    accountId: account,
    keyId: key,
    planId: plan,
    limit: limit === undefined ? undefined : z.parse(limitInForceSchema, JSON.parse(limit)),
  })),
)
export type Caller = z.output<typeof callerSchema>

/** Throws when the request did not come through the authorizer: a route that would not be paid for. */
export const callerOf = (requestContext: unknown): Caller => z.parse(callerSchema, requestContext)

const requestIdSchema = z.object({ extendedRequestId: z.string() })

/** For answers and logs of any request, keyless ones included. */
export const requestIdOf = (requestContext: unknown): string =>
  z.safeParse(requestIdSchema, requestContext).data?.extendedRequestId ?? 'unknown'
