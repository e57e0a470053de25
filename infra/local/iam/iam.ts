import { createHash } from 'node:crypto'
import { type Identity, ServiceError } from '../contract.ts'
import { managedPolicy } from './managed-policies.ts'
import { type AccessRequest, matchingAction, namesPrincipal, parsePolicy, type Statement } from './policy.ts'

type Grant = { readonly policy: string; readonly statement: Statement; readonly used: Set<string> }

type Role = { readonly arn: string; readonly trust: readonly Statement[]; readonly grants: Grant[] }

/** Actions of an `Allow` statement that nothing has needed since the start. */
export type UnusedGrant = {
  readonly holder: string
  readonly policy: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}

export type Iam = {
  createRole(roleArn: string, trustPolicy: unknown): void
  putRolePolicy(roleArn: string, policyName: string, document: unknown): void
  createManagedPolicy(policyArn: string, document: unknown): void
  attachManagedPolicy(roleArn: string, policyArn: string): void
  /** ARN of a role by name, whatever its path. */
  roleArn(roleName: string): string
  setResourcePolicy(resourceArn: string, document: unknown): void
  /** Whether the role's trust policy lets an AWS service assume it, on behalf of a resource when one is named. */
  canAssume(roleArn: string, servicePrincipal: string, sourceArn?: string): boolean
  /** The access key id with which an environment of a function signs. */
  accessKeyFor(roleArn: string, sessionName: string, environmentId: string): string
  /** Who signs with an access key; unknown keys are root. */
  identityOf(accessKeyId: string | undefined): Identity
  /** Throws `AccessDeniedException` unless a policy allows the action and none denies it. */
  authorize(
    identity: Identity,
    action: string,
    resource: string,
    conditions?: Readonly<Record<string, string>>,
  ): void
  unusedGrants(): UnusedGrant[]
}

/**
 * Roles, policies and decisions of one account. Within an account an `Allow` of either the role or the resource is
 * enough and any `Deny` wins; a service has no identity policy, so the resource's policy must allow it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function createIam(accountId: string): Iam {
  const roles = new Map<string, Role>()
  const resourcePolicies = new Map<string, Grant[]>()
  const accessKeys = new Map<string, Identity>()
  const ownManagedPolicies = new Map<string, unknown>()

  function roleOf(roleArn: string): Role {
    const role = roles.get(roleArn)
    if (!role) throw new Error(`The role ${roleArn} does not exist`)
    return role
  }

  function decide(identity: Exclude<Identity, { kind: 'root' }>, request: AccessRequest): boolean {
    const own = identity.kind === 'role' ? (roles.get(identity.roleArn)?.grants ?? []) : []
    const who = identity.kind === 'role' ? { roleArn: identity.roleArn } : { service: identity.principal }
    const onResource = (resourcePolicies.get(resourceOwner(request.resource, resourcePolicies)) ?? []).filter(
      grant => namesPrincipal(grant.statement, who),
    )
    let allowed = false
    for (const grant of [...own, ...onResource]) {
      const action = matchingAction(grant.statement, request)
      if (action === undefined) continue
      if (grant.statement.effect === 'Deny') return false
      grant.used.add(action)
      allowed = true
    }
    return allowed
  }

  return {
    createRole(roleArn, trustPolicy) {
      roles.set(roleArn, {
        arn: roleArn,
        trust: parsePolicy(trustPolicy, `trust policy of ${roleArn}`),
        grants: [],
      })
    },
    putRolePolicy(roleArn, policyName, document) {
      roleOf(roleArn).grants.push(...grantsOf(document, policyName))
    },
    createManagedPolicy(policyArn, document) {
      parsePolicy(document, policyArn)
      ownManagedPolicies.set(policyArn, document)
    },
    attachManagedPolicy(roleArn, policyArn) {
      const document = ownManagedPolicies.get(policyArn) ?? managedPolicy(policyArn)
      roleOf(roleArn).grants.push(...grantsOf(document, policyArn))
    },
    roleArn(roleName) {
      const found = [...roles.keys()].find(arn => arn.split('/').at(-1) === roleName)
      return found ?? `arn:aws:iam::${accountId}:role/${roleName}`
    },
    setResourcePolicy(resourceArn, document) {
      if (document === undefined) resourcePolicies.delete(resourceArn)
      else resourcePolicies.set(resourceArn, grantsOf(document, `policy of ${resourceArn}`))
    },
    canAssume(roleArn, servicePrincipal, sourceArn) {
      const context = contextOf({}, accountId, sourceArn)
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
      accessKeys.set(accessKeyId, { kind: 'role', roleArn, sessionName, environmentId })
      return accessKeyId
    },
    identityOf(accessKeyId) {
      return accessKeys.get(accessKeyId ?? '') ?? { kind: 'root' }
    },
    authorize(identity, action, resource, conditions = {}) {
      if (identity.kind === 'root') return
      const sourceArn = identity.kind === 'service' ? identity.sourceArn : undefined
      const request = { action, resource, context: contextOf(conditions, accountId, sourceArn) }
      if (decide(identity, request)) return
      throw new ServiceError(
        'AccessDeniedException',
        `User: ${nameOf(identity, accountId)} is not authorized to perform: ${action} on resource: ${resource}`,
        403,
      )
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

function grantsOf(document: unknown, policy: string): Grant[] {
  return parsePolicy(document, policy).map(statement => ({ policy, statement, used: new Set() }))
}

function unusedPart(holder: string, { policy, statement, used }: Grant): UnusedGrant[] {
  const actions = statement.actions.filter(action => !used.has(action))
  if (statement.effect === 'Deny' || actions.length === 0) return []
  return [{ holder, policy, actions, resources: statement.resources }]
}

/** A policy stands on a function, queue or bus; requests may name a version or part of it (`…:function:f:$LATEST`). */
function resourceOwner(resource: string, policies: ReadonlyMap<string, unknown>): string {
  if (policies.has(resource)) return resource
  return resource.split(':').slice(0, 7).join(':')
}

function contextOf(
  conditions: Readonly<Record<string, string>>,
  accountId: string,
  sourceArn: string | undefined,
): Record<string, string> {
  const given = Object.entries(conditions).map(([key, value]) => [key.toLowerCase(), value] as const)
  return {
    // The endpoint is plain HTTP on the loopback interface; policies that ask for TLS speak of the deployed one.
    'aws:securetransport': 'true',
    'aws:sourceaccount': accountId,
    ...(sourceArn === undefined ? {} : { 'aws:sourcearn': sourceArn }),
    ...Object.fromEntries(given),
  }
}

function nameOf(identity: Exclude<Identity, { kind: 'root' }>, accountId: string): string {
  if (identity.kind === 'service') return identity.principal
  const roleName = identity.roleArn.split('/').at(-1)
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${identity.sessionName}`
}
