import type {
  GetFunctionConfigurationCommandInput,
  GetFunctionConfigurationCommandOutput,
} from '@aws-sdk/client-lambda'
import type { Operation } from '../../../contract.ts'
import type { LambdaCore } from '../core.ts'
import { optionalText, requiredText } from '../input.ts'
import { refuseUnknown } from '../refuse-unknown.ts'
import { toConfiguration } from './configuration.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
export function getFunctionConfiguration(core: LambdaCore): Operation {
  return (
    input: GetFunctionConfigurationCommandInput,
    { authorize },
  ): Omit<GetFunctionConfigurationCommandOutput, '$metadata'> => {
    refuseUnknown({ ...input }, ['FunctionName', 'Qualifier'], 'lambda GetFunctionConfiguration')
    const reference = requiredText(input, 'FunctionName')
    authorize('lambda:GetFunctionConfiguration', core.arnOf(reference))
    return toConfiguration(core.find(reference, optionalText(input, 'Qualifier')))
  }
}
