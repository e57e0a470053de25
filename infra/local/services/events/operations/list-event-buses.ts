import type { ListEventBusesRequest, ListEventBusesResponse } from '@aws-sdk/client-eventbridge'
import type { LocalCloud, OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { EventsState } from '../state.ts'

export const listEventBuses =
  (cloud: LocalCloud, state: EventsState) =>
  (input: ListEventBusesRequest, context: OperationContext): ListEventBusesResponse => {
    refuseUnknown('events ListEventBuses', input, ['NamePrefix'])
    context.authorize(
      'events:ListEventBuses',
      `arn:aws:events:${cloud.region}:${cloud.accountId}:event-bus/*`,
    )
    const buses = [...state.buses.values()].filter(bus => bus.name.startsWith(input.NamePrefix ?? ''))
    return {
      EventBuses: buses.map(bus => ({ Name: bus.name, Arn: bus.arn, CreationTime: new Date(bus.createdAt) })),
    }
  }
