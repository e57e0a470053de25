import { createHash } from 'node:crypto'
import type { Identity } from '../contract.ts'
import { denial, type Reason } from './denial.ts'
import { type Grant, grantsOf, isDeny, matching, type UnusedGrant, unusedPart } from './grants.ts'
import { managedPolicy } from './managed-policies.ts'
import { type AccessRequest, matchingAction, namesPrincipal, parsePolicy, type Statement } from './policy.ts'
import { contextOf, resourceOwner } from './request-context.ts'

export type { UnusedGrant } from './grants.ts'

export type Role = {
  readonly arn: string
  readonly trustPolicy: unknown
  /** Inline policies by name, then attached ones by ARN. */
  readonly policies: ReadonlyMap<string, unknown>
  readonly attached: ReadonlyMap<string, unknown>
}

type OwnRole = Role & {
  readonly policies: Map<string, unknown>
  readonly attached: Map<string, unknown>
  readonly trust: readonly Statement[]
  readonly grants: Grant[]
}

export type Iam = {
  createRole(roleArn: string, trustPolicy: unknown): void
  putRolePolicy(roleArn: string, policyName: string, document: unknown): void
  createManagedPolicy(policyArn: string, document: unknown): void
  attachManagedPolicy(roleArn: string, policyArn: string): void
  /** ARN of a role by name, whatever its path. */
  roleArn(roleName: string): string
  roles(): readonly Role[]
  setResourcePolicy(resourceArn: string, document: unknown): void
  /** Whether the role's trust policy lets an AWS service assume it, on behalf of a resource when one is named. */
  canAssume(roleArn: string, servicePrincipal: string, sourceArn?: string): boolean
  /** The access key id with which an environment of a function signs. */
  accessKeyFor(roleArn: string, sessionName: string, environmentId: string): string
  /** The access keys of function environments by id, for a snapshot: addresses that they signed outlive them. */
  accessKeys(): ReadonlyMap<string, Identity>
  restoreAccessKeys(keys: ReadonlyMap<string, Identity>): void
  /** Who signs with an access key; unknown keys are root. */
  identityOf(accessKeyId: string | undefined): Identity
  /** Throws `AccessDeniedException` unless a policy allows the action and none denies it. */
  authorize(
    identity: Identity,
    action: string,
    resource: string,
    conditions?: Readonly<Record<string, string>>,
  ): void
  /** What the role's own policies say, without counting as a use. */
  simulate(
    roleArn: string,
    action: string,
    resource: string,
    conditions: Readonly<Record<string, string>>,
  ): 'allowed' | 'explicitDeny' | 'implicitDeny'
  unusedGrants(): UnusedGrant[]
}

/** Far more environments than live at the same time; what the oldest ones signed expired long ago. */
const KEPT_ACCESS_KEYS = 5_000

/**
 * Roles, policies and decisions of one account. Within an account an `Allow` of either the role or the resource is
 * enough and any `Deny` wins; a service has no identity policy, so the resource's policy must allow it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function createIam(accountId: string): Iam {
  const roles = new Map<string, OwnRole>()
  const resourcePolicies = new Map<string, Grant[]>()
  const accessKeys = new Map<string, Identity>()
  const ownManagedPolicies = new Map<string, unknown>()

  function roleOf(roleArn: string): OwnRole {
    const role = roles.get(roleArn)
    if (!role) throw new Error(`The role ${roleArn} does not exist`)
    return role
  }

  /** Grants that speak of who asks, those of the caller's role and those on the resource. */
  function grantsFor(identity: Exclude<Identity, { kind: 'root' }>, resource: string) {
    const own = identity.kind === 'role' ? (roles.get(identity.roleArn)?.grants ?? []) : []
    const who = identity.kind === 'role' ? { roleArn: identity.roleArn } : { service: identity.principal }
    const onResource = (resourcePolicies.get(resourceOwner(resource, resourcePolicies)) ?? []).filter(grant =>
      namesPrincipal(grant.statement, who),
    )
    return { own, onResource }
  }

  /** Why not; `undefined` when the request is allowed, which counts as a use of every grant that allows it. */
  function refuse(identity: Exclude<Identity, { kind: 'root' }>, request: AccessRequest): Reason | undefined {
    const { own, onResource } = grantsFor(identity, request.resource)
    const decided = { own: matching(own, request), onResource: matching(onResource, request) }
    if (decided.own.some(isDeny)) return 'identity-deny'
    if (decided.onResource.some(isDeny)) return 'resource-deny'
    const allowing = [...decided.own, ...decided.onResource]
    for (const { grant, action } of allowing) grant.used.add(action)
    if (allowing.length > 0) return undefined
    return identity.kind === 'role' ? 'no-identity-policy' : 'no-resource-policy'
  }

  return {
    createRole(roleArn, trustPolicy) {
      const trust = parsePolicy(trustPolicy, `trust policy of ${roleArn}`)
      const [policies, attached] = [new Map<string, unknown>(), new Map<string, unknown>()]
      roles.set(roleArn, { arn: roleArn, trustPolicy, policies, attached, trust, grants: [] })
    },
    putRolePolicy(roleArn, policyName, document) {
      const role = roleOf(roleArn)
      role.grants.push(...grantsOf(document, policyName))
      role.policies.set(policyName, document)
    },
    createManagedPolicy(policyArn, document) {
      parsePolicy(document, policyArn)
      ownManagedPolicies.set(policyArn, document)
    },
    attachManagedPolicy(roleArn, policyArn) {
      const role = roleOf(roleArn)
      const document = ownManagedPolicies.get(policyArn) ?? managedPolicy(policyArn)
      role.grants.push(...grantsOf(document, policyArn))
      role.attached.set(policyArn, document)
    },
    roleArn(roleName) {
      const found = [...roles.keys()].find(arn => arn.split('/').at(-1) === roleName)
      return found ?? `arn:aws:iam::${accountId}:role/${roleName}`
    },
    roles: () => [...roles.values()],
    setResourcePolicy(resourceArn, document) {
      if (document === undefined) resourcePolicies.delete(resourceArn)
      else resourcePolicies.set(resourceArn, grantsOf(document, `policy of ${resourceArn}`))
    },
    canAssume(roleArn, servicePrincipal, sourceArn) {
      const identity = {
        kind: 'service',
        principal: servicePrincipal,
        ...(sourceArn && { sourceArn }),
      } as const
      const context = contextOf({}, accountId, identity)
      const request = { action: 'sts:AssumeRole', resource: roleArn, context }
      const speaking = (roles.get(roleArn)?.trust ?? []).filter(
        statement =>
          namesPrincipal(statement, { service: servicePrincipal }) && matchingAction(statement, request),
      )
      return speaking.length > 0 && speaking.every(statement => statement.effect === 'Allow')
    },
    accessKeyFor(roleArn, sessionName, environmentId) {
      const digest = createHash('sha256').update(`${roleArn}/${environmentId}`).digest('hex')
      const accessKeyId = `ASIA${digest.slice(0, 16).toUpperCase()}`
      if (accessKeys.size >= KEPT_ACCESS_KEYS) {
        const [oldest = ''] = accessKeys.keys()
        accessKeys.delete(oldest)
      }
      accessKeys.set(accessKeyId, { kind: 'role', roleArn, sessionName, environmentId })
      return accessKeyId
    },
    accessKeys: () => accessKeys,
    restoreAccessKeys(keys) {
      for (const [id, identity] of keys) accessKeys.set(id, identity)
    },
    identityOf(accessKeyId) {
      return accessKeys.get(accessKeyId ?? '') ?? { kind: 'root' }
    },
    authorize(identity, action, resource, conditions = {}) {
      if (identity.kind === 'root') return
      const request = { action, resource, context: contextOf(conditions, accountId, identity) }
      const reason = refuse(identity, request)
      if (reason) throw denial(identity, accountId, action, resource, reason)
    },
    simulate(roleArn, action, resource, conditions) {
      const identity = { kind: 'role', roleArn, sessionName: '' } as const
      const request = { action, resource, context: contextOf(conditions, accountId, identity) }
      const found = matching(roleOf(roleArn).grants, request)
      if (found.some(isDeny)) return 'explicitDeny'
      return found.length > 0 ? 'allowed' : 'implicitDeny'
    },
    unusedGrants() {
      const held = [
        ...[...roles.values()].map(role => [role.arn, role.grants] as const),
        ...resourcePolicies.entries(),
      ]
      return held.flatMap(([holder, grants]) => grants.flatMap(grant => unusedPart(holder, grant)))
    },
  }
}
