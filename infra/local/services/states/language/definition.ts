import type { Json, JsonObject } from './json.ts'

/** A machine, or the inner machine of a Parallel branch or a Map. */
export type Definition = {
  readonly StartAt: string
  readonly States: { readonly [name: string]: State }
  readonly TimeoutSeconds?: number
}

export type State = JsonObject & { readonly Type: string }

export type Retrier = {
  readonly ErrorEquals: readonly string[]
  readonly IntervalSeconds?: number
  readonly MaxAttempts?: number
  readonly BackoffRate?: number
  readonly MaxDelaySeconds?: number
  readonly JitterStrategy?: 'FULL' | 'NONE'
}

export type Catcher = {
  readonly ErrorEquals: readonly string[]
  readonly Next: string
  readonly ResultPath?: string | null
}

export const retriersOf = (state: State): readonly Retrier[] =>
  (state.Retry ?? []) as unknown as readonly Retrier[]
export const catchersOf = (state: State): readonly Catcher[] =>
  (state.Catch ?? []) as unknown as readonly Catcher[]

export const branchesOf = (state: State): readonly Definition[] =>
  (state.Branches ?? []) as unknown as readonly Definition[]

export const processorOf = (state: State): Definition =>
  (state.ItemProcessor ?? state.Iterator) as unknown as Definition

export const numberOf = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined
