import type { Identity } from '../contract.ts'

/**
 * A policy stands on a function, queue, bus or bucket; requests may name a version (`…:function:f:$LATEST`) or an object
 * (`arn:aws:s3:::bucket/key`).
 */
export function resourceOwner(resource: string, policies: ReadonlyMap<string, unknown>): string {
  if (policies.has(resource)) return resource
  if (resource.startsWith('arn:aws:s3:::')) return resource.split('/')[0] ?? resource
  return resource.split(':').slice(0, 7).join(':')
}

/** The context keys of a request, in lower case. */
export function contextOf(
  conditions: Readonly<Record<string, string>>,
  accountId: string,
  identity: Exclude<Identity, { kind: 'root' }>,
): Record<string, string> {
  const given = Object.entries(conditions).map(([key, value]) => [key.toLowerCase(), value] as const)
  const isService = identity.kind === 'service' && identity.principal.endsWith('.amazonaws.com')
  const sourceArn = identity.kind === 'service' ? identity.sourceArn : undefined
  return {
    // The endpoint is plain HTTP on the loopback interface; policies that ask for TLS speak of the deployed one.
    'aws:securetransport': 'true',
    ...(isService && { 'aws:sourceaccount': accountId }),
    ...(sourceArn === undefined ? {} : { 'aws:sourcearn': sourceArn }),
    ...(identity.kind === 'role' && {
      'aws:principalaccount': accountId,
      'aws:principalarn': identity.roleArn,
    }),
    ...Object.fromEntries(given),
  }
}
