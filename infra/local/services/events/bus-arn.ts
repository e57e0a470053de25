import type { LocalCloud } from '../../contract.ts'

export const DEFAULT_BUS = 'default'

export const busArn = (cloud: LocalCloud, name: string): string =>
  `arn:aws:events:${cloud.region}:${cloud.accountId}:event-bus/${name}`

/** Accepts a name, an ARN or nothing (the default bus). */
export const busNameOf = (nameOrArn: string | undefined): string =>
  nameOrArn?.replace(/^arn:.*:event-bus\//, '') || DEFAULT_BUS
