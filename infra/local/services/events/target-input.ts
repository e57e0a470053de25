import { type LocalTime, UnsupportedError } from '../../contract.ts'
import type { EventEnvelope, RuleTarget } from './state.ts'

/** What a target receives: the event, a constant, a part of the event, or a filled template. */
export function targetInput(
  target: RuleTarget,
  event: EventEnvelope,
  rule: { name: string; arn: string },
  takenAt: LocalTime,
): unknown {
  if (target.input !== undefined) return JSON.parse(target.input)
  if (target.inputPath !== undefined) return at(event, target.inputPath) ?? {}
  if (target.transformer) return transform(target.transformer, event, rule, takenAt)
  return event
}

type Transformer = NonNullable<RuleTarget['transformer']>

/** Placeholders between quotes become text, others JSON; a template that is no JSON is sent as a string. */
function transform(
  transformer: Transformer,
  event: EventEnvelope,
  rule: { name: string; arn: string },
  takenAt: LocalTime,
): unknown {
  const { detail: _, ...withoutDetail } = event
  const values = new Map<string, unknown>([
    ['aws.events.rule-arn', rule.arn],
    ['aws.events.rule-name', rule.name],
    ['aws.events.event.ingestion-time', `${new Date(takenAt).toISOString()}`],
    ['aws.events.event', withoutDetail],
    ['aws.events.event.json', event],
    ...Object.entries(transformer.paths).map(([name, path]): [string, unknown] => [name, at(event, path)]),
  ])
  const filled = transformer.template.replace(/"(?:[^"\\]|\\.)*"|<([\w.-]+)>/g, (part, name) =>
    name === undefined ? fillText(part, values) : JSON.stringify(values.get(name) ?? ''),
  )
  try {
    return JSON.parse(filled)
  } catch {
    return filled
  }
}

function fillText(quoted: string, values: ReadonlyMap<string, unknown>): string {
  return quoted.replace(/<([\w.-]+)>/g, (_, name) => {
    const value = values.get(name) ?? ''
    return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1)
  })
}

const PATH = /^\$(?:\.[A-Za-z_][\w-]*|\[\d+\]|\['[^']+'\])*$/

/** Refuses paths with wildcards, filters or recursion when the rule is made, not when an event arrives. */
export function checkPath(path: string): void {
  if (!PATH.test(path)) throw new UnsupportedError(`the JSON path ${path} in an event rule`)
}

function at(event: unknown, path: string): unknown {
  let value = event
  for (const [, name, index, quoted] of path.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^']+)'\]/g)) {
    const member = name ?? index ?? quoted ?? ''
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, member)) return undefined
    value = Reflect.get(value, member)
  }
  return value
}
