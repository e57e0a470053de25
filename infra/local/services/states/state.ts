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
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'

export type Execution = {
  readonly arn: string
  readonly machineArn: string
  readonly machineName: string
  readonly roleArn: string
  readonly name: string
  /** As it was when the execution started. */
  readonly definition: Definition
  readonly inputText: string
  readonly startedAt: LocalTime
  status: ExecutionStatus
  stoppedAt?: LocalTime
  output?: Json
  error?: string
  cause?: string
  redriveCount: number
  redrivenAt?: LocalTime
  readonly root: Frame
  readonly history: HistoryEvent[]
}

/** Where one machine, branch or iteration stands. */
export type Frame = {
  state: string
  /** Raw input of the state. */
  input: Json
  enteredAt: LocalTime
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
