import type { GetFunctionCommandInput, GetFunctionCommandOutput } from '@aws-sdk/client-lambda'
import type { Operation } from '../../../contract.ts'
import type { LambdaCore } from '../core.ts'
import { optionalText, requiredText } from '../input.ts'
import { refuseUnknown } from '../refuse-unknown.ts'
import { toConfiguration } from './configuration.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html. The code's location is a local folder. */
export function getFunction(core: LambdaCore): Operation {
  return (input: GetFunctionCommandInput, { authorize }): Omit<GetFunctionCommandOutput, '$metadata'> => {
    refuseUnknown({ ...input }, ['FunctionName', 'Qualifier'], 'lambda GetFunction')
    const reference = requiredText(input, 'FunctionName')
    authorize('lambda:GetFunction', core.arnOf(reference))
    const fn = core.find(reference, optionalText(input, 'Qualifier'))
    const reserved = fn.reservedConcurrency
    return {
      Configuration: toConfiguration(fn),
      Code: { RepositoryType: 'S3', Location: `file://${fn.codeDir}` },
      ...(reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved } }),
    }
  }
}
