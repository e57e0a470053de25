import type { z } from 'zod'
import { type LocalCloud, ServiceError } from '../../contract.ts'
import type { ServiceOperation } from '../../input/operation.ts'
import type { InputDialect } from '../../input/read-input.ts'
import { busNameOf } from './bus-arn.ts'
import type { EventBus, EventsState, Rule } from './state.ts'

/** What every operation of this service works with. */
export type Events = { readonly cloud: LocalCloud; readonly state: EventsState }

export type EventsOperation<Schema extends z.ZodType, Output> = ServiceOperation<Events, Schema, Output>

export const DIALECT: InputDialect = { service: 'events', invalid: 'ValidationException' }

export function findBus({ state }: Events, nameOrArn: string | undefined): EventBus {
  const name = busNameOf(nameOrArn)
  const bus = state.buses.get(name)
  if (!bus) throw new ServiceError('ResourceNotFoundException', `Event bus ${name} does not exist.`)
  return bus
}

export function findRule(events: Events, busNameOrArn: string | undefined, name: string): Rule {
  const bus = findBus(events, busNameOrArn)
  const rule = events.state.rules.find(one => one.busName === bus.name && one.name === name)
  if (!rule) {
    throw new ServiceError(
      'ResourceNotFoundException',
      `Rule ${name} does not exist on EventBus ${bus.name}.`,
    )
  }
  return rule
}
