import { type ResourceProvider, UnsupportedError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Cognito } from '../cognito.ts'
import { createSigningKey } from '../jwt.ts'
import { derivedName } from '../names.ts'
import type { MailTemplate, PasswordPolicy, SchemaAttribute, UserPool } from '../state.ts'
import { STANDARD_ATTRIBUTES } from '../users.ts'

const KNOWN = [
  'AccountRecoverySetting',
  'AdminCreateUserConfig',
  'AutoVerifiedAttributes',
  'DeletionProtection',
  'EmailConfiguration',
  'EmailVerificationMessage',
  'EmailVerificationSubject',
  'EnabledMfas',
  'MfaConfiguration',
  'Policies',
  'Schema',
  'SmsVerificationMessage',
  'UserAttributeUpdateSettings',
  'UserPoolAddOns',
  'UserPoolName',
  'UserPoolTags',
  'UserPoolTier',
  'UsernameAttributes',
  'UsernameConfiguration',
  'VerificationMessageTemplate',
]

type Properties = Parameters<ResourceProvider>[0]['properties']

/** `AWS::Cognito::UserPool` with e-mail addresses or plain names as usernames, and no second factor. */
export const userPool =
  (cognito: Cognito): ResourceProvider =>
  async ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, KNOWN)
    refuseOther(type, properties)
    const { cloud } = cognito
    const id = `${cloud.region}_${derivedName([stackName, logicalId], 9)}`
    const pool: UserPool = {
      id,
      name: properties.UserPoolName ?? `${stackName}-${logicalId}`,
      arn: `arn:aws:cognito-idp:${cloud.region}:${cloud.accountId}:userpool/${id}`,
      providerUrl: `${cloud.endpointUrl}/${id}`,
      createdAt: cloud.clock.now(),
      emailAsUsername: (properties.UsernameAttributes ?? []).includes('email'),
      caseSensitive: String(properties.UsernameConfiguration?.CaseSensitive ?? true) === 'true',
      autoVerifyEmail: (properties.AutoVerifiedAttributes ?? []).includes('email'),
      verifyEmailBeforeUpdate: (
        properties.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? []
      ).includes('email'),
      selfSignUp: String(properties.AdminCreateUserConfig?.AllowAdminCreateUserOnly ?? false) !== 'true',
      passwordPolicy: passwordPolicyOf(properties.Policies?.PasswordPolicy ?? {}),
      schema: (properties.Schema ?? []).map(schemaAttribute),
      verificationMail: verificationMailOf(properties),
      invitationMail: invitationMailOf(properties),
      signingKey: await createSigningKey(),
      clients: new Map(),
      groups: new Map(),
      users: new Map(),
      sessions: new Map(),
    }
    cognito.state.pools.set(id, pool)
    return {
      ref: id,
      attributes: {
        Arn: pool.arn,
        UserPoolId: id,
        ProviderName: `cognito-idp.${cloud.region}.amazonaws.com/${id}`,
        ProviderURL: pool.providerUrl,
      },
    }
  }

function refuseOther(type: string, properties: Properties): void {
  const names: string[] = properties.UsernameAttributes ?? []
  if (names.some(name => name !== 'email'))
    throw new UnsupportedError(`${type} UsernameAttributes ${names.join(', ')}`)
  if (properties.MfaConfiguration === 'ON') throw new UnsupportedError(`${type} MfaConfiguration ON`)
  const verified: string[] = properties.AutoVerifiedAttributes ?? []
  if (verified.some(name => name !== 'email'))
    throw new UnsupportedError(`${type} AutoVerifiedAttributes ${verified.join(', ')}`)
  if (properties.VerificationMessageTemplate?.DefaultEmailOption === 'CONFIRM_WITH_LINK') {
    throw new UnsupportedError(`${type} verification by link`)
  }
}

/** What is not given is AWS's default: eight characters with one of each kind. */
function passwordPolicyOf(policy: Readonly<Record<string, unknown>>): PasswordPolicy {
  const required = (name: string): boolean =>
    String(policy[name] ?? Object.keys(policy).length === 0) === 'true'
  return {
    minimumLength: Number(policy.MinimumLength ?? 8),
    requireUppercase: required('RequireUppercase'),
    requireLowercase: required('RequireLowercase'),
    requireNumbers: required('RequireNumbers'),
    requireSymbols: required('RequireSymbols'),
    temporaryPasswordValidityDays: Number(policy.TemporaryPasswordValidityDays ?? 7),
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a schema attribute as CloudFormation documents it.
function schemaAttribute(given: any): SchemaAttribute {
  const standard = STANDARD_ATTRIBUTES.includes(given.Name)
  return {
    name: standard ? given.Name : `custom:${given.Name}`,
    required: String(given.Required ?? false) === 'true',
    mutable: String(given.Mutable ?? standard) === 'true',
  }
}

function verificationMailOf(properties: Properties): MailTemplate {
  const template = properties.VerificationMessageTemplate
  return {
    subject: template?.EmailSubject ?? properties.EmailVerificationSubject ?? 'Your verification code',
    message:
      template?.EmailMessage ?? properties.EmailVerificationMessage ?? 'Your confirmation code is {####}',
  }
}

function invitationMailOf(properties: Properties): MailTemplate {
  const template = properties.AdminCreateUserConfig?.InviteMessageTemplate
  return {
    subject: template?.EmailSubject ?? 'Your temporary password',
    message: template?.EmailMessage ?? 'Your username is {username} and temporary password is {####}.',
  }
}
