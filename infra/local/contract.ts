/**
 * The shapes every part of the local cloud shares. One service = one folder under `services/` that exports one
 * factory `create<Name>Service(cloud: LocalCloud): Service`; one file per operation in `operations/`.
 * Anything that is not listed in `operations` or `resources` is refused loudly by the endpoint or the provisioner.
 */

import { createHash } from 'node:crypto'
import type { Faults } from './faults.ts'

/** Milliseconds since the epoch on the local clock. */
export type LocalTime = number

export type Timer = { readonly dueAt: LocalTime; cancel(): void }

export type Schedule = {
  readonly label: string
  /** The function that it runs, if it runs one: writes of what that never read do not concern it. */
  readonly reader?: string | undefined
  /** First occurrence strictly after the given time, or `undefined` when the schedule has ended. */
  next(after: LocalTime): LocalTime | undefined
  /** Runs one occurrence. Resolves when the work it started has been handed over (the clock waits for idle itself). */
  run(scheduledAt: LocalTime): Promise<void>
}

/**
 * The one clock of the local cloud. Live: wall time plus an offset. Frozen (tests): stands still until advanced.
 * It never goes back. Everything that stamps or checks time reads it.
 */
export interface Clock {
  now(): LocalTime
  /**
   * Runs `run` once at `dueAt` (at once when that is past). Cancelled timers never run. For what the owner arms again
   * from its own state after a restart; anything else uses `later`.
   */
  at(dueAt: LocalTime, label: string, run: () => void | Promise<void>): Timer
  /**
   * Registers what timers of this kind do. Kinds are prefixed by their owner (`lambda.retry`) and registered once, when
   * the owner is created.
   */
  handle(kind: string, run: (data: unknown, dueAt: LocalTime) => void | Promise<void>): void
  /** A timer that a snapshot keeps: its kind's handler runs with `data`, which is plain, structured-cloneable data. */
  later(kind: string, dueAt: LocalTime, data: unknown, label?: string): Timer
  /** A recurring job. While the cloud is quiet an advance may coalesce occurrences whose last run wrote nothing. */
  every(schedule: Schedule): Timer
  /** Marks work in flight; call the returned function when it is done. An advance waits until nothing is in flight. */
  busy(label: string): () => void
  /**
   * Reports a state change; wakes coalesced schedules. With `concerned`, the functions that have read what was changed
   * and the one that changed it, only their schedules, unless one of them is no schedule's: then it may act for any.
   */
  wrote(concerned?: ReadonlySet<string>): void
  /** Resolves when nothing is in flight. Rejects after a real-time limit, naming what is still in flight. */
  whenIdle(): Promise<void>
  /** Discrete-event advance: earliest due thing, set the clock, run it, wait for idle, repeat. */
  advanceTo(target: LocalTime): Promise<void>
}

/** Who signs a call. `root` is anyone with unknown credentials (the AWS CLI, tests): allowed everything. */
export type Identity =
  | { readonly kind: 'root' }
  | {
      readonly kind: 'role'
      readonly roleArn: string
      readonly sessionName: string
      /** The function environment that signed, so that a fault can stop it. */
      readonly environmentId?: string
    }
  | { readonly kind: 'service'; readonly principal: string; readonly sourceArn?: string }

export type OperationContext = {
  readonly identity: Identity
  readonly requestId: string
  /** Allows or throws `AccessDeniedException`, naming action and resource. Each operation calls it before its effect. */
  authorize(action: string, resourceArn: string, conditions?: Readonly<Record<string, string>>): void
}

// biome-ignore lint/suspicious/noExplicitAny: each operation narrows its input to the SDK's own input type.
export type Operation = (input: any, context: OperationContext) => unknown | Promise<unknown>

/**
 * Where a REST-JSON operation lives: `path` is a template such as `/usageplans/{usageplanId}/keys`; a label's name is
 * the input's member name (`{name+}` takes the rest of the path). The input is the JSON body, then query parameters
 * (strings; an array when repeated), then labels.
 */
export type Route = {
  readonly method: string
  readonly path: string
  readonly operation: string
  /** Answer's status, 200 unless said. */
  readonly status?: number
  /** Request header (lower case) -> input member, e.g. `{ 'x-amz-invocation-type': 'InvocationType' }`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Input member that takes the body as it is (a `Buffer`) instead of parsing it as JSON. */
  readonly rawBody?: string
}

/** An operation's answer that is sent as it is, for bodies that are no JSON document or that need own headers. */
export class RawResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  constructor(status: number, headers: Readonly<Record<string, string>>, body: string | Uint8Array = '') {
    this.status = status
    this.headers = headers
    this.body = body
  }
}

export type HttpAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/**
 * Operations take the parsed wire input (timestamps as epoch seconds, blobs as base64 text) and may return SDK output
 * types: the endpoint writes `Date` as epoch seconds, `Uint8Array` as base64, and leaves out `undefined` members.
 */
export interface Service {
  /** Folder name, used in messages: `lambda`, `apigateway`. */
  readonly name: string
  /** SigV4 credential-scope service name that routes requests here: `lambda`, `apigateway`, `states`. */
  readonly signingName: string
  readonly protocol: 'json' | 'rest-json' | 'rest-xml' | 'query'
  /** For `json`: prefix of `X-Amz-Target`, e.g. `AWSStepFunctions`. */
  readonly targetPrefix?: string
  /** For `json`: `1.0` or `1.1`, the content type of answers. */
  readonly jsonVersion?: '1.0' | '1.1'
  /** For `rest-json`: how path and method map to operations. Query and path parameters are merged into the input. */
  readonly routes?: readonly Route[]
  readonly operations: Readonly<Record<string, Operation>>
  /** Operations that wait in real time for something to come, such as a long poll: no work that an advance waits for. */
  readonly waits?: readonly string[]
  /** Providers for `AWS::…` resource types. */
  readonly resources: Readonly<Record<string, ResourceProvider>>
  /**
   * For `rest-xml`: answers a request by itself, bodies and errors included. Paths and query as sent, headers in lower
   * case; the identity is the signer's (presigned requests included).
   */
  handle?(request: RestRequest): Promise<HttpAnswer>
  /** Plain unsigned HTTP at the AWS endpoint, such as a user pool's JWKS. `undefined` when the path is not theirs. */
  http?(method: string, path: string): HttpAnswer | undefined
  /**
   * What was made at run time, structured-cloneable. Called when nothing is in flight; captures synchronously, by
   * reference. A promise is for state that only an engine of its own can read; such a service holds writes back until
   * it has resolved.
   */
  snapshot?(): unknown | Promise<unknown>
  /** Puts a snapshot back: once, after the templates are provisioned and before anything runs. */
  restore?(state: unknown): void | Promise<void>
  stop?(): Promise<void>
}

export type RestRequest = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly identity: Identity
  readonly requestId: string
}

export type ResourceRequest = {
  readonly stackName: string
  readonly logicalId: string
  readonly type: string
  /** Properties with every intrinsic function resolved. */
  // biome-ignore lint/suspicious/noExplicitAny: providers parse what CloudFormation documents for their type.
  readonly properties: Record<string, any>
  /** Absolute folder of the cloud assembly, for assets. */
  readonly assemblyDir: string
}

export type ProvisionedResource = {
  /** Value of `Ref`. */
  readonly ref: string
  /** Values of `Fn::GetAtt`, nested names with dots: `{ 'Arn': …, 'ProviderURL': … }`. */
  readonly attributes?: Readonly<Record<string, string>>
}

/** Creates one resource from its template properties. An unknown property throws `UnsupportedError`. */
export type ResourceProvider = (
  request: ResourceRequest,
) => ProvisionedResource | Promise<ProvisionedResource>

/** What an AWS service answers on an expected failure. */
export class ServiceError extends Error {
  readonly code: string
  readonly status: number
  /** Members of the error besides its message. */
  readonly details: Readonly<Record<string, unknown>>
  /** Such as `retry-after`. */
  readonly headers: Readonly<Record<string, string>>
  constructor(
    code: string,
    message: string,
    status = 400,
    details: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.name = 'ServiceError'
    this.code = code
    this.status = status
    this.details = details
    this.headers = headers
  }
}

/** Something AWS has and the local cloud does not. Always names what was asked for. */
export class UnsupportedError extends Error {
  constructor(what: string) {
    super(`The local cloud does not support ${what}. See the support table in infra/local/README.md.`)
    this.name = 'UnsupportedError'
  }
}

export type InvokeResult = {
  /** JSON text of the function's return value, or of `{errorType, errorMessage, trace}`. */
  readonly payload: string
  /** Set when the function threw, timed out or ran out of memory. */
  readonly functionError?: 'Unhandled'
  readonly requestId: string
}

export type LogLine = { readonly timestamp: LocalTime; readonly message: string }

/** Doors between services, bound when the cloud is assembled; each throws until its service is there. */
export type LocalCloud = {
  readonly clock: Clock
  readonly region: string
  readonly accountId: string
  /** `http://127.0.0.1:<port>` of the AWS endpoint. */
  readonly endpointUrl: string
  /** Free-form journal shown in the console: one line per notable thing. */
  journal(entry: { source: string; summary: string; detail?: unknown }): void
  /**
   * Checks identity and resource policies. Throws `ServiceError('AccessDeniedException')`. Conditions are context keys
   * (`{ 'aws:SourceArn': … }`); for a `service` identity, `aws:SourceArn` and `aws:SourceAccount` are filled in.
   */
  authorize(
    identity: Identity,
    action: string,
    resourceArn: string,
    conditions?: Readonly<Record<string, string>>,
  ): void
  /** Synchronous Lambda invocation. `functionArn` may be an ARN or a name. Throws `ServiceError` for 4xx of the Lambda API. */
  invoke(functionArn: string, payload: string, identity: Identity): Promise<InvokeResult>
  /** Asynchronous Lambda invocation with Lambda's retries and dead-letter destination. Returns once queued. */
  invokeAsync(functionArn: string, payload: string, identity: Identity): void
  /** Appends to a log group (created when missing) and feeds its subscription filters. */
  putLogs(logGroup: string, logStream: string, lines: readonly LogLine[]): void
  /**
   * Calls an operation of another service in process, checked and journaled like a call at the endpoint: what a state
   * machine's `arn:aws:states:::dynamodb:putItem` does. `service` is the service's name; input and output are the
   * wire's JSON. Failures are `ServiceError`s.
   */
  call(service: string, operation: string, input: unknown, identity: Identity): Promise<unknown>
  /** Stores the resource policy of a queue, bus, topic or log destination for `authorize`. `undefined` removes it. */
  setResourcePolicy(resourceArn: string, policy: unknown): void
  /** Faults that a test or a person has switched on. */
  readonly faults: Faults
  /** Delivers an event to a rule or schedule target: Lambda, state machine, queue, bus. */
  deliver(target: DeliveryTarget, event: unknown, identity: Identity): Promise<void>
}

export type DeliveryTarget = {
  readonly arn: string
  readonly roleArn?: string
  readonly input?: string
  readonly deadLetterArn?: string
  /** What a dead letter says about where the event came from; else `RULE_ARN`. */
  readonly deadLetterAttributes?: Readonly<Record<string, string>>
  readonly maximumRetryAttempts?: number
  readonly maximumEventAgeSeconds?: number
}

/** The name CloudFormation would make up: `<stack>-<logicalId>-<12 characters>`, stable from start to start. */
export function physicalName(
  request: Pick<ResourceRequest, 'stackName' | 'logicalId'>,
  maxLength = 64,
): string {
  const suffix = createHash('sha256')
    .update(`${request.stackName}/${request.logicalId}`)
    .digest('hex')
    .slice(0, 12)
  return `${`${request.stackName}-${request.logicalId}`.slice(0, maxLength - 13)}-${suffix}`
}
