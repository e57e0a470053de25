import type { LocalCloud, Service } from '../../contract.ts'
import { bindOperations } from '../../input/operation.ts'
import { busArn, busNameOf, DEFAULT_BUS } from './bus-arn.ts'
import { dispatch } from './dispatch.ts'
import { DIALECT, type Events } from './events.ts'
import { describeEventBus } from './operations/describe-event-bus.ts'
import { describeRule } from './operations/describe-rule.ts'
import { listEventBuses } from './operations/list-event-buses.ts'
import { listRuleNamesByTarget } from './operations/list-rule-names-by-target.ts'
import { listRules } from './operations/list-rules.ts'
import { listTargetsByRule } from './operations/list-targets-by-rule.ts'
import { putEvents } from './operations/put-events.ts'
import { testEventPattern } from './operations/test-event-pattern.ts'
import { eventBus } from './resources/event-bus.ts'
import { rule } from './resources/rule.ts'
import type { EventEnvelope, RecentEvent } from './state.ts'

export type { EventEnvelope, RecentEvent } from './state.ts'

export type EventsService = Service & {
  /** The last events that a bus took, newest first, with the rules they matched. */
  recentEvents(): readonly RecentEvent[]
  /** The door behind `cloud.deliver` for a bus target: hands over an envelope that another bus or service has made. */
  receive(busNameOrArn: string, event: EventEnvelope): void
}

type EventsSnapshot = { readonly recent: readonly RecentEvent[] }

/** EventBridge buses and rules. The account's default bus is always there. */
export function createEventsService(cloud: LocalCloud): EventsService {
  const events: Events = {
    cloud,
    state: {
      buses: new Map([
        [DEFAULT_BUS, { name: DEFAULT_BUS, arn: busArn(cloud, DEFAULT_BUS), createdAt: cloud.clock.now() }],
      ]),
      rules: [],
      recent: [],
    },
  }
  return {
    name: 'events',
    signingName: 'events',
    protocol: 'json',
    targetPrefix: 'AWSEvents',
    jsonVersion: '1.1',
    operations: bindOperations(DIALECT, events, {
      DescribeEventBus: describeEventBus,
      DescribeRule: describeRule,
      ListEventBuses: listEventBuses,
      ListRuleNamesByTarget: listRuleNamesByTarget,
      ListRules: listRules,
      ListTargetsByRule: listTargetsByRule,
      PutEvents: putEvents,
      TestEventPattern: testEventPattern,
    }),
    resources: { 'AWS::Events::EventBus': eventBus(events), 'AWS::Events::Rule': rule(events) },
    recentEvents: () => events.state.recent,
    receive: (bus, event) => dispatch(events, busNameOf(bus), event),
    snapshot: (): EventsSnapshot => ({ recent: events.state.recent }),
    restore(state) {
      events.state.recent = (state as EventsSnapshot).recent
    },
  }
}
