import { randomUUID } from 'node:crypto'
import { type Identity, type InvokeResult, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { isObject, type Json, type JsonObject } from '../language/json.ts'
import { runtimeError, StateError } from '../language/state-error.ts'
import type { Run } from './run.ts'

/** Calls what a Task's resource names, with the machine's role. Failures are `StateError`s under Lambda's names. */
export function callTask(run: Run, resource: string, parameters: Json): Promise<Json> {
  if (resource.endsWith(':::events:putEvents')) return putEvents(run, parameters)
  if (resource.endsWith(':::lambda:invoke')) return invokeThroughIntegration(run, parameters)
  return invoke(run, resource, parameters).then(result => parsePayload(result.payload))
}

const roleOf = ({ execution }: Run): Identity => ({
  kind: 'role',
  roleArn: execution.machine.roleArn,
  sessionName: execution.name,
})

/** `arn:aws:states:::lambda:invoke`: the answer is wrapped as the Lambda API gives it. */
async function invokeThroughIntegration(run: Run, parameters: Json): Promise<Json> {
  if (!isObject(parameters) || typeof parameters.FunctionName !== 'string') {
    throw runtimeError("The parameter 'FunctionName' is required")
  }
  refuseUnknown('parameters of lambda:invoke', parameters, ['FunctionName', 'Payload', 'InvocationType'])
  const { FunctionName, Payload = {}, InvocationType = 'RequestResponse' } = parameters
  if (InvocationType === 'Event') {
    run.cloud.invokeAsync(FunctionName, JSON.stringify(Payload), roleOf(run))
    return { ...metadata(randomUUID(), 202), Payload: '' }
  }
  if (InvocationType !== 'RequestResponse')
    throw runtimeError(`Invalid InvocationType ${String(InvocationType)}`)
  const result = await invoke(run, FunctionName, Payload)
  return {
    ExecutedVersion: '$LATEST',
    Payload: parsePayload(result.payload),
    ...metadata(result.requestId, 200),
  }
}

async function invoke(run: Run, functionArn: string, payload: Json): Promise<InvokeResult> {
  const result = await run.cloud
    .invoke(functionArn, JSON.stringify(payload), roleOf(run))
    .catch((error: unknown) => {
      throw error instanceof ServiceError ? new StateError(errorName(error), error.message) : error
    })
  if (result.functionError === undefined) return result
  const failure = parsePayload(result.payload)
  const errorType =
    isObject(failure) && typeof failure.errorType === 'string' ? failure.errorType : 'Lambda.Unknown'
  throw new StateError(errorType, result.payload)
}

/** What Lambda's API refuses is `Lambda.<exception>`; a refusal without a name of its own is AWSLambdaException. */
function errorName(error: ServiceError): string {
  if (error.status >= 500) return 'Lambda.ServiceException'
  const named = ['TooManyRequestsException', 'ResourceNotFoundException', 'RequestTooLargeException']
  return named.includes(error.code) ? `Lambda.${error.code}` : 'Lambda.AWSLambdaException'
}

function parsePayload(payload: string): Json {
  try {
    return JSON.parse(payload) as Json
  } catch {
    throw runtimeError('The function returned text that is not JSON')
  }
}

const metadata = (requestId: string, status: number): JsonObject => ({
  SdkHttpMetadata: { HttpHeaders: {}, HttpStatusCode: status },
  SdkResponseMetadata: { RequestId: requestId },
  StatusCode: status,
})

/** `arn:aws:states:::events:putEvents`. */
async function putEvents(run: Run, parameters: Json): Promise<Json> {
  const { cloud } = run
  const entries = isObject(parameters) && Array.isArray(parameters.Entries) ? parameters.Entries : []
  if (entries.length === 0) throw runtimeError("The parameter 'Entries' is required")
  const sent: Json[] = []
  for (const entry of entries) {
    if (!isObject(entry)) throw runtimeError('An entry of putEvents must be an object')
    refuseUnknown('members of a putEvents entry', entry, [
      'Detail',
      'DetailType',
      'EventBusName',
      'Source',
      'Resources',
    ])
    const bus = String(entry.EventBusName ?? 'default')
    const arn = bus.startsWith('arn:')
      ? bus
      : `arn:aws:events:${cloud.region}:${cloud.accountId}:event-bus/${bus}`
    const event = newEvent(run, {
      source: String(entry.Source),
      type: String(entry.DetailType),
      resources: [
        ...(Array.isArray(entry.Resources) ? entry.Resources : []),
        run.execution.machine.arn,
        run.execution.arn,
      ],
      detail: typeof entry.Detail === 'string' ? (JSON.parse(entry.Detail) as Json) : (entry.Detail ?? {}),
    })
    await deliver(run, arn, event)
    sent.push({ EventId: String(event.id) })
  }
  return { Entries: sent, FailedEntryCount: 0, ...metadata(randomUUID(), 200) }
}

async function deliver(run: Run, arn: string, event: JsonObject): Promise<void> {
  const { cloud } = run
  try {
    cloud.authorize(roleOf(run), 'events:PutEvents', arn)
    await cloud.deliver({ arn }, event, roleOf(run))
  } catch (error) {
    throw error instanceof ServiceError ? new StateError(`EventBridge.${error.code}`, error.message) : error
  }
}

/** An event as EventBridge delivers it. */
export const newEvent = (
  { cloud }: Pick<Run, 'cloud'>,
  given: { source: string; type: string; resources: Json[]; detail: Json },
): JsonObject => ({
  version: '0',
  id: randomUUID(),
  'detail-type': given.type,
  source: given.source,
  account: cloud.accountId,
  time: new Date(cloud.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
  region: cloud.region,
  resources: given.resources,
  detail: given.detail,
})
