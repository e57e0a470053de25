import type { Events } from './events.ts'
import { matches } from './pattern/matches.ts'
import { type EventEnvelope, RECENT_EVENTS, type Rule, type RuleTarget } from './state.ts'
import { targetInput } from './target-input.ts'

/** Hands an event that a bus has taken to the targets of every matching rule; does not wait for them. */
export function dispatch(events: Events, busName: string, event: EventEnvelope): void {
  const { cloud, state } = events
  const matching = state.rules.filter(
    rule => rule.busName === busName && rule.enabled && matches(rule.pattern, event),
  )
  state.recent = [{ busName, event, rules: matching.map(rule => rule.name) }, ...state.recent].slice(
    0,
    RECENT_EVENTS,
  )
  cloud.clock.wrote()
  for (const rule of matching) {
    for (const target of rule.targets) void send(events, rule, target, event)
  }
}

async function send({ cloud }: Events, rule: Rule, target: RuleTarget, event: EventEnvelope): Promise<void> {
  const done = cloud.clock.busy(`event ${event['detail-type']} for ${rule.name}`)
  const input = targetInput(target, event, rule, cloud.clock.now())
  try {
    await cloud.deliver(target.delivery, input, {
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
