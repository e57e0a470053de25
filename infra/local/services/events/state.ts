import type { DeliveryTarget } from '../../contract.ts'
import type { EventPattern } from './pattern/matches.ts'

/** The envelope that rules match and targets receive; `time` is ISO 8601 in whole seconds. */
export type EventEnvelope = {
  readonly version: '0'
  readonly id: string
  readonly 'detail-type': string
  readonly source: string
  readonly account: string
  readonly time: string
  readonly region: string
  readonly resources: readonly string[]
  readonly detail: unknown
}

export type RuleTarget = {
  readonly id: string
  readonly delivery: Omit<DeliveryTarget, 'input'>
  readonly input?: string
  readonly inputPath?: string
  readonly transformer?: { readonly paths: Readonly<Record<string, string>>; readonly template: string }
}

export type Rule = {
  readonly name: string
  readonly busName: string
  readonly arn: string
  readonly description?: string
  readonly enabled: boolean
  readonly pattern: EventPattern
  readonly patternText: string
  readonly targets: readonly RuleTarget[]
}

export type EventBus = {
  readonly name: string
  readonly arn: string
  readonly description?: string
  /** JSON text. */
  policy?: string
  readonly createdAt: number
}

export type RecentEvent = {
  readonly busName: string
  readonly event: EventEnvelope
  /** Names of the rules that matched. */
  readonly rules: readonly string[]
}

export type EventsState = {
  readonly buses: Map<string, EventBus>
  readonly rules: Rule[]
  /** Newest first, at most `RECENT_EVENTS`. */
  recent: readonly RecentEvent[]
}

export const RECENT_EVENTS = 200
