import type { InvokeCommandInput } from '@aws-sdk/client-lambda'
import { type Operation, RawResponse } from '../../../contract.ts'
import type { LambdaCore } from '../core.ts'
import { choice, optionalText, requiredText } from '../input.ts'
import { refuseUnknown } from '../refuse-unknown.ts'

/** Lambda returns the last 4 KB of the log with `LogType: Tail`. */
const TAIL_BYTES = 4096

type Input = Omit<InvokeCommandInput, 'Payload'> & { readonly Payload?: unknown }

const KNOWN = ['FunctionName', 'Payload', 'InvocationType', 'LogType', 'Qualifier']

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function invoke(core: LambdaCore): Operation {
  return async (input: Input, { identity }) => {
    refuseUnknown({ ...input }, KNOWN, 'lambda Invoke')
    const type = choice(input, 'InvocationType', ['Event', 'RequestResponse', 'DryRun'])
    const logType = choice(input, 'LogType', ['None', 'Tail'])
    const reference = requiredText(input, 'FunctionName')
    const qualifier = optionalText(input, 'Qualifier')
    const payload = payloadText(input.Payload)
    switch (type ?? 'RequestResponse') {
      case 'DryRun':
        core.cloud.authorize(identity, 'lambda:InvokeFunction', core.arnOf(reference))
        core.find(reference, qualifier)
        return new RawResponse(204, {})
      case 'Event': {
        const requestId = core.invokeAsync(reference, payload, identity, qualifier)
        return new RawResponse(202, { 'x-amzn-requestid': requestId })
      }
      case 'RequestResponse': {
        const result = await core.invoke(reference, payload, identity, qualifier)
        const tail = result.lines.map(line => line.message).join('\n')
        const headers = {
          'content-type': 'application/json',
          'x-amzn-requestid': result.requestId,
          'x-amz-executed-version': '$LATEST',
          ...(result.functionError === undefined ? {} : { 'x-amz-function-error': result.functionError }),
          ...(logType === 'Tail' ? { 'x-amz-log-result': encodedTail(tail) } : {}),
        }
        return new RawResponse(200, headers, result.payload)
      }
    }
  }
}

/** Bytes from the wire; text or a document from a call in process. */
function payloadText(payload: Input['Payload']): string {
  if (payload === undefined) return ''
  if (typeof payload === 'string') return payload
  return Buffer.isBuffer(payload) ? payload.toString('utf8') : (JSON.stringify(payload) ?? '')
}

function encodedTail(text: string): string {
  return Buffer.from(text).subarray(-TAIL_BYTES).toString('base64')
}
