import { test } from 'vitest'
import { ROOT_CREDENTIALS } from '../options.ts'

/**
 * What a contract suite talks to: the emulator, or with `TOLLGATE_CONTRACT_AWS=1` the real AWS of the environment's own
 * credentials and Region.
 */
export const ON_AWS = process.env.TOLLGATE_CONTRACT_AWS === '1'

/** Configuration for any SDK client. On AWS the SDK finds everything itself. */
export function clientConfig(endpoint: string) {
  return ON_AWS ? {} : { endpoint, region: 'us-east-1', credentials: ROOT_CREDENTIALS }
}

/**
 * A case that cannot hold on AWS: `localOnly('the clock is moved')('a code expires', async () => …)`. On AWS it is
 * reported as skipped under its reason.
 */
export function localOnly(reason: string): (name: string, run: () => unknown) => void {
  return (name, run) =>
    test(name, async ({ skip }) => {
      if (ON_AWS) skip(`only here: ${reason}`)
      await run()
    })
}
