import type { LocalCloud } from '../../contract.ts'

export const identityArn = (cloud: LocalCloud, identity: string): string =>
  `arn:aws:ses:${cloud.region}:${cloud.accountId}:identity/${identity}`
