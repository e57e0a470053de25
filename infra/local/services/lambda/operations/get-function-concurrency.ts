import type {
  GetFunctionConcurrencyCommandInput,
  GetFunctionConcurrencyCommandOutput,
} from '@aws-sdk/client-lambda'
import type { Operation } from '../../../contract.ts'
import type { LambdaCore } from '../core.ts'
import { requiredText } from '../input.ts'
import { refuseUnknown } from '../refuse-unknown.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html */
export function getFunctionConcurrency(core: LambdaCore): Operation {
  return (
    input: GetFunctionConcurrencyCommandInput,
    { authorize },
  ): Omit<GetFunctionConcurrencyCommandOutput, '$metadata'> => {
    refuseUnknown({ ...input }, ['FunctionName'], 'lambda GetFunctionConcurrency')
    const reference = requiredText(input, 'FunctionName')
    authorize('lambda:GetFunctionConcurrency', core.arnOf(reference))
    const { reservedConcurrency } = core.find(reference)
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency }
  }
}
