import { createHash } from 'node:crypto'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The unique id of a role: `AROA` and 17 letters, the same from start to start. */
export function roleId(roleArn: string): string {
  const digest = createHash('sha256').update(roleArn).digest()
  return `AROA${[...digest.subarray(0, 17)].map(byte => BASE32[byte % 32]).join('')}`
}
