import { createHash } from 'node:crypto'
import type { GetPolicyCommandInput, GetPolicyCommandOutput } from '@aws-sdk/client-lambda'
import { type Operation, ServiceError } from '../../../contract.ts'
import type { LambdaCore } from '../core.ts'
import { optionalText, requiredText } from '../input.ts'
import { refuseUnknown } from '../refuse-unknown.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html */
export function getPolicy(core: LambdaCore): Operation {
  return (input: GetPolicyCommandInput, { authorize }): Omit<GetPolicyCommandOutput, '$metadata'> => {
    refuseUnknown({ ...input }, ['FunctionName', 'Qualifier'], 'lambda GetPolicy')
    const reference = requiredText(input, 'FunctionName')
    authorize('lambda:GetPolicy', core.arnOf(reference))
    const fn = core.find(reference, optionalText(input, 'Qualifier'))
    if (fn.permissions.length === 0) {
      const message = 'The resource you requested does not exist.'
      throw new ServiceError('ResourceNotFoundException', message, 404, { Type: 'User' })
    }
    const Policy = JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: fn.permissions })
    return { Policy, RevisionId: revisionOf(Policy) }
  }
}

/** Looks like the UUID that AWS gives; the same policy has the same revision. */
function revisionOf(policy: string): string {
  const hex = createHash('sha256').update(policy).digest('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
}
