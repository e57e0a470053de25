import type { LocalCloud, Service } from '../../contract.ts'
import { busArn, busNameOf, DEFAULT_BUS } from './bus-arn.ts'
import { dispatch } from './dispatch.ts'
import { listEventBuses } from './operations/list-event-buses.ts'
import { listRules } from './operations/list-rules.ts'
import { listTargetsByRule } from './operations/list-targets-by-rule.ts'
import { putEvents } from './operations/put-events.ts'
import { eventBus } from './resources/event-bus.ts'
import { rule } from './resources/rule.ts'
import type { EventEnvelope, EventsState, RecentEvent } from './state.ts'

export type { EventEnvelope, RecentEvent } from './state.ts'

export type EventsService = Service & {
  /** The last events that a bus took, newest first, with the rules they matched. */
  recentEvents(): readonly RecentEvent[]
  /** The door behind `cloud.deliver` for a bus target: hands over an envelope that another bus has made. */
  receive(busNameOrArn: string, event: EventEnvelope): void
}

/** EventBridge buses and rules. The account's default bus is always there. */
export function createEventsService(cloud: LocalCloud): EventsService {
  const state: EventsState = {
    buses: new Map([
      [DEFAULT_BUS, { name: DEFAULT_BUS, arn: busArn(cloud, DEFAULT_BUS), createdAt: cloud.clock.now() }],
    ]),
    rules: [],
    recent: [],
  }
  return {
    name: 'events',
    signingName: 'events',
    protocol: 'json',
    targetPrefix: 'AWSEvents',
    jsonVersion: '1.1',
    operations: {
      PutEvents: putEvents(cloud, state),
      ListEventBuses: listEventBuses(cloud, state),
      ListRules: listRules(cloud, state),
      ListTargetsByRule: listTargetsByRule(cloud, state),
    },
    resources: {
      'AWS::Events::EventBus': eventBus(cloud, state),
      'AWS::Events::Rule': rule(cloud, state),
    },
    recentEvents: () => state.recent,
    receive: (bus, event) => dispatch(cloud, state, busNameOf(bus), event),
  }
}
