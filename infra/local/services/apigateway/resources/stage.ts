import { createHash } from 'node:crypto'
import type { ResourceRequest } from '../../../contract.ts'
import {
  badRequest,
  flag,
  logGroupOf,
  number,
  object,
  objects,
  optionalText,
  tagsOf,
  text,
  textMap,
} from '../../../http-front/properties.ts'
import type { ThrottleLimit } from '../../../http-front/token-bucket.ts'
import { compileTemplate } from '../../../http-front/variables.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { refuseUnknownLogVariables } from '../data-plane/access-log.ts'
import { notFound } from '../errors.ts'
import { type Gateway, present } from '../gateway.ts'
import type { AccessLog, RestApi, Stage } from '../state.ts'
import { apiOf } from './references.ts'

const KNOWN = [
  'RestApiId',
  'DeploymentId',
  'StageName',
  'Description',
  'Variables',
  'AccessLogSetting',
  'MethodSettings',
  'TracingEnabled',
  'Tags',
]
const KNOWN_SETTINGS = [
  'HttpMethod',
  'ResourcePath',
  'ThrottlingRateLimit',
  'ThrottlingBurstLimit',
  'LoggingLevel',
  'DataTraceEnabled',
  'MetricsEnabled',
]

/** Reads AWS::ApiGateway::Stage and stores it. Execution logging, metrics and tracing are accepted and have no effect. */
export function storeStage(gateway: Gateway, request: ResourceRequest): { api: RestApi; stage: Stage } {
  const { properties } = request
  refuseUnknown(`properties of ${request.type}`, properties, KNOWN)
  const api = apiOf(gateway, properties)
  const name = text(properties, 'StageName')
  if (!/^[\w-]{1,128}$/.test(name)) throw badRequest('Stage name only allows a-zA-Z0-9_-')
  const deploymentId = text(properties, 'DeploymentId')
  if (!api.deployments.has(deploymentId)) throw notFound('Invalid deployment identifier specified')
  const accessLog = readAccessLog(gateway, `${api.id}/${name}`, object(properties, 'AccessLogSetting'))
  const settings = objects(properties, 'MethodSettings')
  const stage: Stage = {
    name,
    deploymentId,
    ...present({ description: optionalText(properties, 'Description'), accessLog }),
    variables: textMap(properties, 'Variables'),
    throttles: readThrottles(gateway, settings),
    methodSettings: readSettings(settings),
    tracingEnabled: flag(properties, 'TracingEnabled', false),
    tags: tagsOf(properties),
    createdAt: gateway.cloud.clock.now(),
  }
  api.stages.set(name, stage)
  return { api, stage }
}

function readAccessLog(
  gateway: Gateway,
  stageName: string,
  properties: Record<string, unknown>,
): AccessLog | undefined {
  if (Object.keys(properties).length === 0) return undefined
  refuseUnknown('members of AccessLogSetting', properties, ['DestinationArn', 'Format'])
  requireLogRole(gateway)
  const destinationArn = text(properties, 'DestinationArn')
  const format = text(properties, 'Format')
  if (!/\$context\.(requestId|extendedRequestId)\b/.test(format)) {
    throw badRequest('Invalid format: access log format must include at least $context.requestId')
  }
  const template = compileTemplate(format)
  refuseUnknownLogVariables(template)
  const logStream = createHash('md5').update(stageName).digest('hex')
  return { destinationArn, logGroup: logGroupOf(destinationArn), logStream, format, template }
}

/** A fresh account refuses any stage that logs; the template must bring the role (AWS::ApiGateway::Account). */
function requireLogRole(gateway: Gateway): void {
  if (gateway.state.account.cloudwatchRoleArn === undefined) {
    throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging')
  }
}

function readThrottles(
  gateway: Gateway,
  settings: readonly Record<string, unknown>[],
): Map<string, ThrottleLimit> {
  const throttles = new Map<string, ThrottleLimit>()
  for (const setting of settings) {
    refuseUnknown('members of MethodSettings', setting, KNOWN_SETTINGS)
    if ((optionalText(setting, 'LoggingLevel') ?? 'OFF') !== 'OFF') requireLogRole(gateway)
    const rateLimit = number(setting, 'ThrottlingRateLimit')
    const burstLimit = number(setting, 'ThrottlingBurstLimit')
    if (rateLimit === undefined && burstLimit === undefined) continue
    const name = settingName(setting)
    throttles.set(name, {
      rateLimit: rateLimit ?? Number.MAX_SAFE_INTEGER,
      burstLimit: burstLimit ?? Number.MAX_SAFE_INTEGER,
    })
  }
  return throttles
}

/** `*` + `/*` for the whole stage, else the method and the path with `~1` for `/`. */
function settingName(setting: Record<string, unknown>): string {
  const path = text(setting, 'ResourcePath').replace(/^\//, '').replaceAll('~1', '/')
  return `${text(setting, 'HttpMethod')} ${path.startsWith('/') ? path : `/${path}`}`
}

const readSettings = (settings: readonly Record<string, unknown>[]): Stage['methodSettings'] =>
  Object.fromEntries(
    settings.map(setting => {
      const path = text(setting, 'ResourcePath').replace(/^\//, '')
      const shown = {
        metricsEnabled: flag(setting, 'MetricsEnabled', false),
        loggingLevel: optionalText(setting, 'LoggingLevel') ?? 'OFF',
        dataTraceEnabled: flag(setting, 'DataTraceEnabled', false),
        throttlingBurstLimit: number(setting, 'ThrottlingBurstLimit'),
        throttlingRateLimit: number(setting, 'ThrottlingRateLimit'),
      }
      return [`${path}/${text(setting, 'HttpMethod')}`, present(shown)]
    }),
  )
