import type { LocalCloud, OperationContext } from '../../contract.ts'
import type { AccountThrottle } from '../../http-front/account-throttle.ts'
import type { LogLines } from '../../http-front/log-lines.ts'
import type { ApiGatewayState } from './state.ts'

/** What every operation, resource provider and request of this service works with. */
export type Gateway = {
  readonly cloud: LocalCloud
  readonly state: ApiGatewayState
  /** How long a change of keys and plans takes to reach the data plane, milliseconds on the local clock. */
  readonly propagationMs: number
  readonly accountThrottle: AccountThrottle
  /** Where access logs go. */
  readonly logLines: LogLines
}

/**
 * How a parameter of the SDK travels: its name on the wire (query, path or body) and its type. `unsupported` names
 * what AWS has and this service does not.
 */
export type Parameter = {
  readonly wire?: string
  readonly type: 'string' | 'boolean' | 'number' | 'object' | 'list' | 'texts' | 'unsupported'
  readonly required?: boolean
}

/** One control-plane operation: where it lives, what it takes (names of the JavaScript SDK), what it does. */
export type ControlOperation<Input, Output> = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly status?: number
  readonly parameters: { readonly [K in keyof Input]-?: Parameter }
  run(gateway: Gateway, input: Input, context: OperationContext): Output
}

/** An SDK output as JSON carries it: dates are seconds since the epoch. */
export type Wire<T> = T extends Date
  ? number
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T

/** Lists travel as `item`; the SDK calls them `items`. */
export type WireList<T> = { readonly position?: string; readonly item: Wire<T>[] }

export const epochSeconds = (time: number): number => Math.floor(time / 1000)

/** Leaves out what is absent, as API Gateway does, instead of sending nulls. */
export function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never
}

/** When a change made now reaches the data plane. */
export const visibleAt = (gateway: Gateway): number => gateway.cloud.clock.now() + gateway.propagationMs
