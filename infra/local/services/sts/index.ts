import type { LocalCloud, Service } from '../../contract.ts'
import { getCallerIdentity } from './operations/get-caller-identity.ts'

/** STS: who one is. Functions get their credentials from Lambda, so nothing else is needed. */
export function createStsService(cloud: Pick<LocalCloud, 'accountId'>): Service {
  return {
    name: 'sts',
    signingName: 'sts',
    protocol: 'query',
    operations: { GetCallerIdentity: getCallerIdentity(cloud) },
    resources: {},
  }
}
