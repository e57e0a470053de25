import type { InvokeCommandInput } from '@aws-sdk/client-lambda'
import { type Operation, RawResponse, ServiceError } from '../../../contract.ts'
import type { LambdaCore } from '../core.ts'
import { refuseUnknown } from '../refuse-unknown.ts'

/** Lambda returns the last 4 KB of the log with `LogType: Tail`. */
const TAIL_BYTES = 4096

type Input = Omit<InvokeCommandInput, 'Payload'> & { readonly Payload?: Buffer | string | object }

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function invoke(core: LambdaCore): Operation {
  return async (input: Input, { identity }) => {
    refuseUnknown(
      { ...input },
      ['FunctionName', 'Payload', 'InvocationType', 'LogType', 'Qualifier'],
      'lambda Invoke',
    )
    const reference = String(input.FunctionName)
    if (input.Qualifier !== undefined && input.Qualifier !== '$LATEST') {
      const message = `Function not found: ${reference}:${input.Qualifier}`
      throw new ServiceError('ResourceNotFoundException', message, 404, { Type: 'User' })
    }
    const payload = payloadText(input.Payload)
    switch (input.InvocationType ?? 'RequestResponse') {
      case 'DryRun':
        core.cloud.authorize(identity, 'lambda:InvokeFunction', core.find(reference).arn)
        return new RawResponse(204, {})
      case 'Event':
        return new RawResponse(202, { 'x-amzn-requestid': core.invokeAsync(reference, payload, identity) })
      case 'RequestResponse': {
        const result = await core.invoke(reference, payload, identity)
        const tail = result.lines.map(line => line.message).join('\n')
        const headers = {
          'content-type': 'application/json',
          'x-amzn-requestid': result.requestId,
          'x-amz-executed-version': '$LATEST',
          ...(result.functionError === undefined ? {} : { 'x-amz-function-error': result.functionError }),
          ...(input.LogType === 'Tail' ? { 'x-amz-log-result': encodedTail(tail) } : {}),
        }
        return new RawResponse(200, headers, result.payload)
      }
      default:
        throw new ServiceError(
          'InvalidParameterValueException',
          `Unknown invocation type: ${input.InvocationType}`,
          400,
          {
            Type: 'User',
          },
        )
    }
  }
}

/** Bytes from the wire; text or a document from a call in process. */
function payloadText(payload: Input['Payload']): string {
  if (payload === undefined) return ''
  if (typeof payload === 'string') return payload
  return Buffer.isBuffer(payload) ? payload.toString('utf8') : JSON.stringify(payload)
}

function encodedTail(text: string): string {
  return Buffer.from(text).subarray(-TAIL_BYTES).toString('base64')
}
