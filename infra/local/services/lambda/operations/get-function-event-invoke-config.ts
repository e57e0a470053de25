import type {
  GetFunctionEventInvokeConfigCommandInput,
  GetFunctionEventInvokeConfigCommandOutput,
} from '@aws-sdk/client-lambda'
import { type Operation, ServiceError } from '../../../contract.ts'
import type { LambdaCore } from '../core.ts'
import { DEFAULT_ASYNC_CONFIG } from '../functions.ts'
import { optionalText, requiredText } from '../input.ts'
import { refuseUnknown } from '../refuse-unknown.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionEventInvokeConfig.html */
export function getFunctionEventInvokeConfig(core: LambdaCore): Operation {
  return (
    input: GetFunctionEventInvokeConfigCommandInput,
    { authorize },
  ): Omit<GetFunctionEventInvokeConfigCommandOutput, '$metadata'> => {
    refuseUnknown({ ...input }, ['FunctionName', 'Qualifier'], 'lambda GetFunctionEventInvokeConfig')
    const reference = requiredText(input, 'FunctionName')
    authorize('lambda:GetFunctionEventInvokeConfig', core.arnOf(reference))
    const fn = core.find(reference, optionalText(input, 'Qualifier'))
    const arn = `${fn.arn}:$LATEST`
    if (fn.asyncConfig === DEFAULT_ASYNC_CONFIG) {
      const message = `The function ${arn} doesn't have an EventInvokeConfig`
      throw new ServiceError('ResourceNotFoundException', message, 404, { Type: 'User' })
    }
    const { onSuccessArn, onFailureArn, maximumRetryAttempts, maximumEventAgeSeconds } = fn.asyncConfig
    return {
      LastModified: new Date(fn.lastModified),
      FunctionArn: arn,
      MaximumRetryAttempts: maximumRetryAttempts,
      MaximumEventAgeInSeconds: maximumEventAgeSeconds,
      DestinationConfig: {
        OnSuccess: onSuccessArn === undefined ? {} : { Destination: onSuccessArn },
        OnFailure: onFailureArn === undefined ? {} : { Destination: onFailureArn },
      },
    }
  }
}
