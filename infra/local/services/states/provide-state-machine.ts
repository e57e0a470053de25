import {
  type ProvisionedResource,
  type ResourceRequest,
  ServiceError,
  UnsupportedError,
} from '../../contract.ts'
import { generatedName } from '../../generated-name.ts'
import { refuseUnknown } from '../../refuse-unknown.ts'
import { readDefinition } from './language/read-definition.ts'
import type { MachineConfiguration } from './state.ts'
import type { States } from './states.ts'

/** Logging and tracing are accepted and have no effect: the history is always kept. */
const KNOWN = [
  'StateMachineName',
  'StateMachineType',
  'DefinitionString',
  'RoleArn',
  'LoggingConfiguration',
  'TracingConfiguration',
  'Tags',
]

/** AWS::StepFunctions::StateMachine of type STANDARD, its definition in JSONPath. */
export function provideStateMachine(states: States, request: ResourceRequest): ProvisionedResource {
  const { properties } = request
  refuseUnknown(`properties of ${request.type}`, properties, KNOWN)
  const type = properties.StateMachineType ?? 'STANDARD'
  if (type !== 'STANDARD') throw new UnsupportedError(`state machines of type ${String(type)}`)
  const name =
    typeof properties.StateMachineName === 'string'
      ? properties.StateMachineName
      : generatedName(request.stackName, request.logicalId)
  const { cloud } = states
  const arn = `arn:aws:states:${cloud.region}:${cloud.accountId}:stateMachine:${name}`
  if (states.state.machines.has(arn)) {
    throw new ServiceError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`)
  }
  const definitionText = textOf(properties, 'DefinitionString')
  states.state.machines.set(arn, {
    arn,
    name,
    roleArn: textOf(properties, 'RoleArn'),
    definitionText,
    definition: readDefinition(definitionText),
    createdAt: cloud.clock.now(),
    configuration: {
      loggingConfiguration: loggingOf(properties.LoggingConfiguration ?? {}),
      tracingConfiguration: { enabled: String(properties.TracingConfiguration?.Enabled ?? false) === 'true' },
      encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
    },
  })
  return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: 'INITIAL' } }
}

const LEVELS = ['ALL', 'ERROR', 'FATAL', 'OFF'] as const

function loggingOf(given: {
  readonly Level?: unknown
  readonly IncludeExecutionData?: unknown
  readonly Destinations?: readonly { CloudWatchLogsLogGroup?: { LogGroupArn?: unknown } }[]
}): MachineConfiguration['loggingConfiguration'] {
  const destinations = (given.Destinations ?? []).map(destination => ({
    cloudWatchLogsLogGroup: { logGroupArn: String(destination.CloudWatchLogsLogGroup?.LogGroupArn) },
  }))
  return {
    level: LEVELS.find(level => level === given.Level) ?? 'OFF',
    includeExecutionData: String(given.IncludeExecutionData ?? false) === 'true',
    ...(destinations.length > 0 ? { destinations } : {}),
  }
}

function textOf(properties: ResourceRequest['properties'], name: string): string {
  const value: unknown = properties[name]
  if (typeof value !== 'string' || value === '')
    throw new ServiceError('ValidationException', `${name} is required`)
  return value
}
