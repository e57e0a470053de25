import type { Identity } from '../contract.ts'

/** Who sends an unsigned request: only a resource policy that speaks of everybody allows it anything. */
export const ANONYMOUS: Identity = { kind: 'service', principal: 'anonymous' }
