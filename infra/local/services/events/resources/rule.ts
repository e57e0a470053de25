import { type ResourceProvider, UnsupportedError } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { DEFAULT_BUS } from '../bus-arn.ts'
import { type Events, findBus } from '../events.ts'
import { parsePattern } from '../pattern/parse.ts'
import type { RuleTarget } from '../state.ts'
import { checkPath } from '../target-input.ts'

const TARGETS = /^arn:aws:(?:lambda:.*:function:|sqs:|states:.*:stateMachine:|events:.*:event-bus\/)/
const TARGET_MEMBERS = [
  'Id',
  'Arn',
  'RoleArn',
  'Input',
  'InputPath',
  'InputTransformer',
  'DeadLetterConfig',
  'RetryPolicy',
]

/** `AWS::Events::Rule` with an event pattern. Schedules belong to EventBridge Scheduler. */
export const rule =
  (events: Events): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    const { cloud, state } = events
    if (properties.ScheduleExpression)
      throw new UnsupportedError(`${type} with ScheduleExpression: use AWS::Scheduler::Schedule`)
    refuseUnknown(type, properties, [
      'Name',
      'Description',
      'EventBusName',
      'EventPattern',
      'State',
      'Targets',
      'Tags',
    ])
    const { name: busName } = findBus(events, properties.EventBusName)
    const name: string = properties.Name ?? generatedName(stackName, logicalId)
    const path = busName === DEFAULT_BUS ? name : `${busName}/${name}`
    const arn = `arn:aws:events:${cloud.region}:${cloud.accountId}:rule/${path}`
    const pattern = parsePattern(properties.EventPattern)
    state.rules.push({
      name,
      busName,
      arn,
      ...(properties.Description ? { description: properties.Description } : {}),
      enabled: (properties.State ?? 'ENABLED') === 'ENABLED',
      pattern,
      patternText: JSON.stringify(pattern),
      targets: (properties.Targets ?? []).map(parseTarget),
    })
    return { ref: busName === DEFAULT_BUS ? name : `${busName}|${name}`, attributes: { Arn: arn } }
  }

// biome-ignore lint/suspicious/noExplicitAny: a target as CloudFormation documents it; each member is parsed here.
function parseTarget(target: any): RuleTarget {
  refuseUnknown('AWS::Events::Rule target', target, TARGET_MEMBERS)
  if (!TARGETS.test(target.Arn)) throw new UnsupportedError(`event rule target ${target.Arn}`)
  if (target.Input !== undefined) JSON.parse(target.Input)
  if (target.InputPath !== undefined) checkPath(target.InputPath)
  const paths: Record<string, string> = target.InputTransformer?.InputPathsMap ?? {}
  Object.values(paths).forEach(checkPath)
  return {
    id: target.Id,
    delivery: {
      arn: target.Arn,
      ...(target.RoleArn ? { roleArn: target.RoleArn } : {}),
      ...(target.DeadLetterConfig?.Arn ? { deadLetterArn: target.DeadLetterConfig.Arn } : {}),
      ...retryOf(target.RetryPolicy),
    },
    ...(target.Input === undefined ? {} : { input: target.Input }),
    ...(target.InputPath === undefined ? {} : { inputPath: target.InputPath }),
    ...(target.InputTransformer
      ? { transformer: { paths, template: target.InputTransformer.InputTemplate } }
      : {}),
  }
}

function retryOf(policy: { MaximumRetryAttempts?: unknown; MaximumEventAgeInSeconds?: unknown } | undefined) {
  return {
    ...(policy?.MaximumRetryAttempts === undefined
      ? {}
      : { maximumRetryAttempts: Number(policy.MaximumRetryAttempts) }),
    ...(policy?.MaximumEventAgeInSeconds === undefined
      ? {}
      : { maximumEventAgeSeconds: Number(policy.MaximumEventAgeInSeconds) }),
  }
}
