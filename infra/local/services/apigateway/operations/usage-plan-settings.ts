import type { ApiStage as SdkApiStage, ThrottleSettings } from '@aws-sdk/client-api-gateway'
import { UnsupportedError } from '../../../contract.ts'
import type { ThrottleLimit } from '../../../http-front/token-bucket.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { badRequest, notFound } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import type { ApiStage } from '../state.ts'

/** The wire's integers have 32 bits. */
const MAX_INTEGER = 2 ** 31 - 1

/** Rate in requests a second, burst in requests; an absent member counts as zero, as API Gateway shows it. */
export function readThrottle(given: ThrottleSettings | undefined): ThrottleLimit | undefined {
  if (given === undefined) return undefined
  refuseUnknown('usage plan throttle members', given, ['rateLimit', 'burstLimit'])
  const rateLimit: unknown = given.rateLimit ?? 0
  const burstLimit: unknown = given.burstLimit ?? 0
  if (typeof rateLimit !== 'number' || !(rateLimit >= 0 && rateLimit < Number.POSITIVE_INFINITY))
    throw badRequest('Usage Plan throttle rate limit must be >= 0')
  if (
    typeof burstLimit !== 'number' ||
    !Number.isInteger(burstLimit) ||
    burstLimit < 0 ||
    burstLimit > MAX_INTEGER
  )
    throw badRequest('Usage Plan throttle burst limit must be >= 0')
  return { rateLimit, burstLimit }
}

/** The stages a plan covers. Each must exist, and each once. */
export function readApiStages(gateway: Gateway, given: readonly SdkApiStage[] | undefined): ApiStage[] {
  const stages = (given ?? []).map(entry => {
    if (typeof entry !== 'object' || entry === null) throw badRequest('Invalid apiStages specified')
    refuseUnknown('usage plan stage members', entry, ['apiId', 'stage', 'throttle'])
    const throttle: unknown = entry.throttle ?? {}
    if (typeof throttle !== 'object' || throttle === null) throw badRequest('Invalid apiStages specified')
    if (Object.keys(throttle).length > 0) throw new UnsupportedError('usage plan throttles per method')
    return readApiStage(gateway, entry.apiId, entry.stage)
  })
  const names = stages.map(stage => `${stage.apiId}:${stage.stage}`)
  if (new Set(names).size < names.length) throw badRequest('Duplicate API stage specified')
  return stages
}

export function readApiStage(gateway: Gateway, apiId: unknown, stage: unknown): ApiStage {
  if (typeof apiId !== 'string' || typeof stage !== 'string') throw badRequest('Invalid API Stage specified')
  if (gateway.state.apis.get(apiId)?.stages.has(stage) !== true) {
    throw notFound(`API Stage not found: ${apiId}:${stage}`)
  }
  return { apiId, stage }
}
