import type { ListEventBusesRequest, ListEventBusesResponse } from '@aws-sdk/client-eventbridge'
import { z } from 'zod'
import { busArn } from '../bus-arn.ts'
import type { EventsOperation } from '../events.ts'
import { busNamePrefix, limit, nextToken } from '../members.ts'
import { paginate } from '../paginate.ts'
import { describeBus } from './describe-event-bus.ts'

const input = z.strictObject({
  NamePrefix: z.optional(busNamePrefix),
  Limit: z.optional(limit),
  NextToken: z.optional(nextToken),
}) satisfies z.ZodType<ListEventBusesRequest>

export const listEventBuses: EventsOperation<typeof input, ListEventBusesResponse> = {
  input,
  run({ cloud, state }, query, context) {
    context.authorize('events:ListEventBuses', busArn(cloud, '*'))
    const buses = [...state.buses.values()].filter(bus => bus.name.startsWith(query.NamePrefix ?? ''))
    const { items, ...more } = paginate(buses, bus => bus.name, query)
    return { EventBuses: items.map(describeBus), ...more }
  },
}
