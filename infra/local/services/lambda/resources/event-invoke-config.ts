import { physicalName, type ResourceProvider, UnsupportedError } from '../../../contract.ts'
import type { LambdaCore } from '../core.ts'
import { DEFAULT_ASYNC_CONFIG } from '../functions.ts'
import { refuseUnknown } from '../refuse-unknown.ts'

/** `AWS::Lambda::EventInvokeConfig`: what happens to events that a function fails on. */
export function createEventInvokeConfig(core: LambdaCore): ResourceProvider {
  return ({ properties, stackName, logicalId }) => {
    const known = [
      'FunctionName',
      'Qualifier',
      'MaximumRetryAttempts',
      'MaximumEventAgeInSeconds',
      'DestinationConfig',
    ]
    refuseUnknown(properties, known, 'AWS::Lambda::EventInvokeConfig')
    if (properties.Qualifier !== '$LATEST') {
      throw new UnsupportedError(`the qualifier ${properties.Qualifier} of AWS::Lambda::EventInvokeConfig`)
    }
    core.find(String(properties.FunctionName)).asyncConfig = {
      maximumRetryAttempts: Number(
        properties.MaximumRetryAttempts ?? DEFAULT_ASYNC_CONFIG.maximumRetryAttempts,
      ),
      maximumEventAgeSeconds: Number(
        properties.MaximumEventAgeInSeconds ?? DEFAULT_ASYNC_CONFIG.maximumEventAgeSeconds,
      ),
      onFailureArn: properties.DestinationConfig?.OnFailure?.Destination,
      onSuccessArn: properties.DestinationConfig?.OnSuccess?.Destination,
    }
    return { ref: physicalName({ stackName, logicalId }) }
  }
}
