import type { LocalCloud } from '../../contract.ts'
import { matches } from './pattern/matches.ts'
import { type EventEnvelope, type EventsState, RECENT_EVENTS, type Rule, type RuleTarget } from './state.ts'
import { targetInput } from './target-input.ts'

/** Hands an event that a bus has taken to the targets of every matching rule; does not wait for them. */
export function dispatch(cloud: LocalCloud, state: EventsState, busName: string, event: EventEnvelope): void {
  const matching = state.rules.filter(
    rule => rule.busName === busName && rule.enabled && matches(rule.pattern, event),
  )
  state.recent.unshift({ busName, event, rules: matching.map(rule => rule.name) })
  state.recent.length = Math.min(state.recent.length, RECENT_EVENTS)
  cloud.clock.wrote()
  for (const rule of matching) {
    for (const target of rule.targets) void send(cloud, rule, target, event)
  }
}

async function send(cloud: LocalCloud, rule: Rule, target: RuleTarget, event: EventEnvelope): Promise<void> {
  const done = cloud.clock.busy(`event ${event['detail-type']} for ${rule.name}`)
  try {
    await cloud.deliver(target.delivery, targetInput(target, event, rule), {
      kind: 'service',
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    })
  } catch (error) {
    cloud.journal({
      source: 'events',
      summary: `${rule.name}: ${event['detail-type']} not delivered`,
      detail: String(error),
    })
  } finally {
    done()
  }
}
