import type { DescribeEventBusRequest, DescribeEventBusResponse } from '@aws-sdk/client-eventbridge'
import { z } from 'zod'
import { busArn, busNameOf } from '../bus-arn.ts'
import { type EventsOperation, findBus } from '../events.ts'
import { busNameOrArn } from '../members.ts'
import type { EventBus } from '../state.ts'

const input = z.strictObject({
  Name: z.optional(busNameOrArn),
}) satisfies z.ZodType<DescribeEventBusRequest>

/** Without a name, the default bus. */
export const describeEventBus: EventsOperation<typeof input, DescribeEventBusResponse> = {
  input,
  run(events, { Name }, context) {
    context.authorize('events:DescribeEventBus', busArn(events.cloud, busNameOf(Name)))
    return describeBus(findBus(events, Name))
  },
}

export const describeBus = (bus: EventBus) => ({
  Name: bus.name,
  Arn: bus.arn,
  ...(bus.description === undefined ? {} : { Description: bus.description }),
  ...(bus.policy === undefined ? {} : { Policy: bus.policy }),
  CreationTime: new Date(bus.createdAt),
  LastModifiedTime: new Date(bus.createdAt),
})
