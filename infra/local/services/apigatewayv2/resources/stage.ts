import { type ResourceRequest, UnsupportedError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { apiOf, number, object, only, optionalText, text } from '../properties.ts'
import type { HttpApi, HttpApiState, Stage } from '../state.ts'

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
export function storeStage(state: HttpApiState, request: ResourceRequest): HttpApi {
  const { properties } = request
  refuseUnknown(`properties of ${request.type}`, properties, KNOWN)
  const api = apiOf(state, properties)
  if (text(properties, 'StageName') !== '$default')
    throw new UnsupportedError('HTTP API stages other than $default')
  if (optionalText(properties, 'AutoDeploy') !== 'true')
    throw new UnsupportedError('HTTP API stages without AutoDeploy')
  const accessLog = readAccessLog(object(properties, 'AccessLogSettings'))
  const throttle = readThrottle(object(properties, 'DefaultRouteSettings'))
  const variables = Object.entries(object(properties, 'StageVariables'))
  api.stage = {
    name: '$default',
    variables: Object.fromEntries(variables.map(([name, value]) => [name, String(value)])),
    bucket: { milliTokens: (throttle?.burstLimit ?? 0) * 1000, at: 0 },
    ...(accessLog === undefined ? {} : { accessLog }),
    ...(throttle === undefined ? {} : { throttle }),
  }
  return api
}

function readAccessLog(given: Record<string, unknown>): Stage['accessLog'] {
  if (Object.keys(given).length === 0) return undefined
  refuseUnknown('members of AccessLogSettings', given, ['DestinationArn', 'Format'])
  const destinationArn = text(given, 'DestinationArn')
  const logGroup = /^arn:[\w-]+:logs:[\w-]*:\d*:log-group:([^:*]+)/.exec(destinationArn)?.[1]
  if (logGroup === undefined) throw new UnsupportedError(`the access log destination ${destinationArn}`)
  return { logGroup, format: text(given, 'Format') }
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
