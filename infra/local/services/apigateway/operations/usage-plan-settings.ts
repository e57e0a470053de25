import type { ApiStage as SdkApiStage, ThrottleSettings } from '@aws-sdk/client-api-gateway'
import { UnsupportedError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { badRequest } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import type { ApiStage } from '../state.ts'
import type { ThrottleLimit } from '../token-bucket.ts'
import { findStage } from './find.ts'

/** Rate in requests a second, burst in requests; an absent member counts as zero, as API Gateway shows it. */
export function readThrottle(given: ThrottleSettings | undefined): ThrottleLimit | undefined {
  if (given === undefined) return undefined
  refuseUnknown('usage plan throttle members', given, ['rateLimit', 'burstLimit'])
  const rateLimit = given.rateLimit ?? 0
  const burstLimit = given.burstLimit ?? 0
  if (typeof rateLimit !== 'number' || !(rateLimit >= 0))
    throw badRequest('Usage Plan throttle rate limit must be >= 0')
  if (!Number.isInteger(burstLimit) || burstLimit < 0)
    throw badRequest('Usage Plan throttle burst limit must be >= 0')
  return { rateLimit, burstLimit }
}

/** The stages a plan covers. Each must exist, and each once. */
export function readApiStages(gateway: Gateway, given: readonly SdkApiStage[] | undefined): ApiStage[] {
  const stages = (given ?? []).map(entry => {
    if (typeof entry !== 'object' || entry === null) throw badRequest('Invalid apiStages specified')
    refuseUnknown('usage plan stage members', entry, ['apiId', 'stage', 'throttle'])
    if (Object.keys(entry.throttle ?? {}).length > 0)
      throw new UnsupportedError('usage plan throttles per method')
    return readApiStage(gateway, entry.apiId, entry.stage)
  })
  const names = stages.map(stage => `${stage.apiId}:${stage.stage}`)
  if (new Set(names).size < names.length) throw badRequest('Duplicate API stage specified')
  return stages
}

export function readApiStage(
  gateway: Gateway,
  apiId: string | undefined,
  stage: string | undefined,
): ApiStage {
  return { apiId: apiId ?? '', stage: findStage(gateway, apiId, stage).name }
}
