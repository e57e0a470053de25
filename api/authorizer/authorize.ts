import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda'
import type { Block } from '#api/contract'
import type { Instant } from '#kernel/time'
import { hashSecret, isSecret, type KeyStage } from '../access/key-format.ts'
import type { AccessStore } from '../access/store.ts'
import { type Decision, decide } from './decide.ts'

type TokenEvent = Pick<APIGatewayTokenAuthorizerEvent, 'authorizationToken' | 'methodArn'>

/**
 * The Lambda authorizer of type TOKEN. Checksum, then two reads, then a pure decision. Throwing exactly `Unauthorized`
 * makes API Gateway answer 401; any other error is AUTHORIZER_FAILURE, answered 503
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html).
 */
export async function authorize(
  {
    store,
    keyStage,
  }: { readonly store: Pick<AccessStore, 'findPointer' | 'load'>; readonly keyStage: KeyStage },
  event: TokenEvent,
  now: Instant,
): Promise<APIGatewayAuthorizerResult> {
  const secret = event.authorizationToken.replace(/^Bearer /, '')
  if (!isSecret(secret, keyStage)) throw new Error(UNAUTHORIZED)
  const hash = hashSecret(secret)
  const pointer = await store.findPointer(hash)
  const access = pointer && (await store.load(pointer.accountId))
  return answer(decide(hash, pointer, access, now), event.methodArn)
}

const UNAUTHORIZED = 'Unauthorized'

/** As long as an authorizer answer is cached: a lifted block takes so long to be seen. */
const RETRY_AFTER_SECONDS = 60

const BLOCK_DETAIL: Readonly<Record<Block, string>> = {
  unpaid: 'An invoice of this account is unpaid. Pay it in the portal and calls work again within a minute.',
  suspended: 'This account is suspended. The portal says why and whom to ask.',
  closed: 'This account is closed.',
}

function answer(decision: Decision, methodArn: string): APIGatewayAuthorizerResult {
  if (decision.kind === 'unknown') throw new Error(UNAUTHORIZED)
  if (decision.kind === 'not_ready') throw new Error('The account of a live key has no gateway key')
  const { caller } = decision
  if (decision.kind === 'blocked')
    return {
      principalId: caller.account,
      policyDocument: policy('Deny', methodArn),
      context: {
        ...caller,
        code: 'payment_required',
        detail: BLOCK_DETAIL[decision.block],
        retryAfter: String(RETRY_AFTER_SECONDS),
      },
    }
  return {
    principalId: caller.account,
    policyDocument: policy('Allow', methodArn),
    usageIdentifierKey: decision.usageIdentifierKey,
    context: { ...caller },
  }
}

/** For the whole stage, never the one method: the answer is cached by key and serves every route. */
function policy(Effect: 'Allow' | 'Deny', methodArn: string) {
  const [api, stage] = methodArn.split('/')
  return {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: `${api}/${stage}/*/*` }],
  }
}
