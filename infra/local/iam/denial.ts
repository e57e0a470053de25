import { type Identity, ServiceError } from '../contract.ts'

export type Reason = 'no-identity-policy' | 'no-resource-policy' | 'identity-deny' | 'resource-deny'

/**
 * What AWS answers to a call that no policy allows or one denies, in the words of the service that was called.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denial(
  identity: Exclude<Identity, { kind: 'root' }>,
  accountId: string,
  action: string,
  resource: string,
  reason: Reason,
): ServiceError {
  const who = nameOf(identity, accountId)
  const [service = '', name = ''] = action.split(':')
  // https://github.com/aws-samples/aws-serverless-batch-architecture/issues/1
  if (service === 'ses' && name.startsWith('Send')) {
    return refused(`User \`${who}' is not authorized to perform \`${action}' on resource \`${resource}'`)
  }
  const called = spelled(service, name)
  const where = service === 's3' ? `"${resource}"` : resource
  return refused(
    `User: ${who} is not authorized to perform: ${called} on resource: ${where} ${because(reason, called)}`,
  )
}

/** The signer as AWS names it in messages and in `GetCallerIdentity`. */
export function nameOf(identity: Identity, accountId: string): string {
  if (identity.kind === 'root') return `arn:aws:iam::${accountId}:root`
  if (identity.kind === 'service') return identity.principal
  const roleName = identity.roleArn.split('/').at(-1)
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${identity.sessionName}`
}

/** SQS writes its actions in lower case, SNS its own name in upper case. */
function spelled(service: string, name: string): string {
  if (service === 'sqs') return `sqs:${name.toLowerCase()}`
  return service === 'sns' ? `SNS:${name}` : `${service}:${name}`
}

function because(reason: Reason, action: string): string {
  switch (reason) {
    case 'no-identity-policy':
      return `because no identity-based policy allows the ${action} action`
    case 'no-resource-policy':
      return `because no resource-based policy allows the ${action} action`
    case 'identity-deny':
      return 'with an explicit deny in an identity-based policy'
    case 'resource-deny':
      return 'with an explicit deny in a resource-based policy'
  }
}

function refused(message: string): ServiceError {
  return new ServiceError('AccessDeniedException', message, 403)
}
