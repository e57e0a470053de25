import { type ResourceRequest, UnsupportedError } from '../../../contract.ts'
import {
  logGroupOf,
  number,
  object,
  only,
  optionalText,
  tagsOf,
  text,
  textMap,
} from '../../../http-front/properties.ts'
import { compileTemplate } from '../../../http-front/variables.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { apiOf, type HttpApis } from '../http-apis.ts'
import type { AccessLog, HttpApi, Stage } from '../state.ts'

const KNOWN = [
  'ApiId',
  'StageName',
  'AutoDeploy',
  'AccessLogSettings',
  'DefaultRouteSettings',
  'Description',
  'StageVariables',
  'Tags',
]

/** Reads AWS::ApiGatewayV2::Stage. Only `$default` with automatic deployment: what is provisioned is served. */
export function storeStage(service: HttpApis, request: ResourceRequest): { api: HttpApi; stage: Stage } {
  const { properties } = request
  refuseUnknown(`properties of ${request.type}`, properties, KNOWN)
  const api = apiOf(service, properties)
  if (text(properties, 'StageName') !== '$default')
    throw new UnsupportedError('HTTP API stages other than $default')
  if (optionalText(properties, 'AutoDeploy') !== 'true')
    throw new UnsupportedError('HTTP API stages without AutoDeploy')
  const accessLog = readAccessLog(object(properties, 'AccessLogSettings'))
  const settings = object(properties, 'DefaultRouteSettings')
  const throttle = readThrottle(settings)
  const description = optionalText(properties, 'Description')
  const stage: Stage = {
    name: '$default',
    variables: textMap(properties, 'StageVariables'),
    detailedMetrics: optionalText(settings, 'DetailedMetricsEnabled') === 'true',
    tags: tagsOf(properties),
    createdAt: service.cloud.clock.now(),
    ...(description === undefined ? {} : { description }),
    ...(accessLog === undefined ? {} : { accessLog }),
    ...(throttle === undefined ? {} : { throttle }),
  }
  api.stage = stage
  return { api, stage }
}

function readAccessLog(given: Record<string, unknown>): AccessLog | undefined {
  if (Object.keys(given).length === 0) return undefined
  refuseUnknown('members of AccessLogSettings', given, ['DestinationArn', 'Format'])
  const destinationArn = text(given, 'DestinationArn')
  const format = text(given, 'Format')
  return { destinationArn, format, logGroup: logGroupOf(destinationArn), template: compileTemplate(format) }
}

function readThrottle(given: Record<string, unknown>): Stage['throttle'] {
  refuseUnknown('members of DefaultRouteSettings', given, [
    'ThrottlingBurstLimit',
    'ThrottlingRateLimit',
    'DetailedMetricsEnabled',
  ])
  only(given, 'DetailedMetricsEnabled', ['true', 'false'])
  const rateLimit = number(given, 'ThrottlingRateLimit')
  const burstLimit = number(given, 'ThrottlingBurstLimit')
  if (rateLimit === undefined || burstLimit === undefined) return undefined
  return { rateLimit, burstLimit }
}
