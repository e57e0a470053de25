import type { LocalTime } from '../../contract.ts'
import type { Definition } from './language/definition.ts'
import type { Json } from './language/json.ts'

/** Everything this service remembers: plain data. An execution can be resumed from it after any step. */
export type StatesState = {
  readonly machines: Map<string, StateMachine>
  readonly executions: Map<string, Execution>
}

export type StateMachine = {
  readonly arn: string
  readonly name: string
  readonly roleArn: string
  readonly definitionText: string
  readonly definition: Definition
  readonly createdAt: LocalTime
  readonly configuration: MachineConfiguration
}

/** As the API shows it; logging, tracing and encryption have no effect here. */
export type MachineConfiguration = {
  readonly loggingConfiguration: {
    readonly level: 'ALL' | 'ERROR' | 'FATAL' | 'OFF'
    readonly includeExecutionData: boolean
    readonly destinations?: { cloudWatchLogsLogGroup: { logGroupArn: string } }[]
  }
  readonly tracingConfiguration: { readonly enabled: boolean }
  readonly encryptionConfiguration: { readonly type: 'AWS_OWNED_KEY' }
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'

export type Execution = {
  readonly arn: string
  /** As it was when the execution started. */
  readonly machine: StateMachine
  readonly name: string
  readonly inputText: string
  readonly traceHeader?: string
  readonly startedAt: LocalTime
  status: ExecutionStatus
  stoppedAt?: LocalTime
  output?: Json
  error?: string
  cause?: string
  redriveCount: number
  redrivenAt?: LocalTime
  /** The client token of the last redrive. */
  redriveToken?: string | undefined
  readonly root: Frame
  readonly history: HistoryEvent[]
}

/** Where one machine, branch or iteration stands. */
export type Frame = {
  state: string
  /** Raw input of the state. */
  input: Json
  enteredAt: LocalTime
  /** Id of the event with which the state was entered. */
  enteredEventId: number
  /** Attempts made per retrier of the state, by its index. */
  retries: Record<string, number>
  retryCount: number
  phase: Phase
  readonly mapItem?: { readonly Index: number; readonly Value: Json }
  /** Id of the frame's last history event. */
  lastEventId: number
}

export type Phase =
  | { readonly kind: 'entering' }
  | { readonly kind: 'working' }
  | { readonly kind: 'retrying'; readonly until: LocalTime }
  | { readonly kind: 'waiting'; readonly until: LocalTime }
  | { readonly kind: 'children'; readonly frames: readonly Frame[] }
  | { readonly kind: 'done'; readonly output: Json }

export type HistoryEvent = {
  readonly id: number
  readonly previousEventId: number
  readonly timestamp: LocalTime
  readonly type: string
  /** `stateEnteredEventDetails` and the like, as the API shows them. */
  readonly details: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}
