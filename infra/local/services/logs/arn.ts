import type { LocalCloud } from '../../contract.ts'

/** `arn:aws:logs:<region>:<account>:log-group:<name>`, without the `:*` that most policies want. */
export const logGroupArn = (cloud: LocalCloud, name: string): string =>
  `arn:aws:logs:${cloud.region}:${cloud.accountId}:log-group:${name}`
