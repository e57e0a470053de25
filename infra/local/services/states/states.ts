import type { LocalCloud, OperationContext } from '../../contract.ts'
import type { Control } from './interpreter/run.ts'
import type { StatesState } from './state.ts'

/** What every operation of this service works with. */
export type States = {
  readonly cloud: LocalCloud
  readonly state: StatesState
  /** Running executions by ARN; not part of the state, a resumed execution gets a new one. */
  readonly running: Map<string, Control>
}

/** One operation: its parameters by name (`true`: supported) and what it does. */
export type StatesOperation<Input, Output> = {
  readonly parameters: { readonly [K in keyof Input]-?: 'string' | 'number' | 'boolean' | 'unsupported' }
  run(states: States, input: Input, context: OperationContext): Output | Promise<Output>
}

/** An SDK output as JSON carries it: dates are seconds since the epoch, with milliseconds. */
export type Wire<T> = T extends Date
  ? number
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T

export const epochSeconds = (time: number): number => time / 1000
