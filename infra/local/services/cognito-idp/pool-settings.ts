import { z } from 'zod'
import { UnsupportedError } from '../../contract.ts'
import { STANDARD_ATTRIBUTES } from './attributes.ts'
import { invalidParameter } from './errors.ts'
import { poolMembers } from './pool-members.ts'
import type { MailTemplate, PasswordPolicy, PoolSettings, SchemaAttribute } from './state.ts'

const given = z.strictObject(poolMembers)
type Given = z.infer<typeof given>

/** The settings of a pool with e-mail addresses or plain names as usernames and no second factor. */
export function poolSettings(what: string, name: string, pool: Given): PoolSettings {
  refuseOther(what, pool)
  return {
    name,
    tier: pool.UserPoolTier ?? 'ESSENTIALS',
    protected: pool.DeletionProtection === 'ACTIVE',
    emailAsUsername: (pool.UsernameAttributes ?? []).includes('email'),
    caseSensitive: pool.UsernameConfiguration?.CaseSensitive ?? true,
    autoVerifyEmail: (pool.AutoVerifiedAttributes ?? []).includes('email'),
    verifyEmailBeforeUpdate: (
      pool.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? []
    ).includes('email'),
    selfSignUp: !(pool.AdminCreateUserConfig?.AllowAdminCreateUserOnly ?? false),
    passwordPolicy: passwordPolicyOf(pool.Policies?.PasswordPolicy),
    schema: schemaOf(what, pool.Schema ?? []),
    verificationMail: verificationMailOf(pool),
    invitationMail: invitationMailOf(pool),
    tags: pool.UserPoolTags ?? {},
  }
}

/** Settings on which AWS would act and this emulator cannot. */
function refuseOther(what: string, pool: Given): void {
  const refuse = (name: string, values: readonly (string | undefined)[], known: readonly string[]) => {
    const other = values.filter(value => value !== undefined && !known.includes(value))
    if (other.length > 0) throw new UnsupportedError(`${what} ${name} ${other.join(', ')}`)
  }
  refuse('UsernameAttributes', pool.UsernameAttributes ?? [], ['email'])
  refuse('AutoVerifiedAttributes', pool.AutoVerifiedAttributes ?? [], ['email'])
  refuse('MfaConfiguration', [pool.MfaConfiguration], ['OFF'])
  refuse('AdvancedSecurityMode', [pool.UserPoolAddOns?.AdvancedSecurityMode], ['OFF'])
  refuse('AllowedFirstAuthFactors', pool.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? [], ['PASSWORD'])
  refuse('DefaultEmailOption', [pool.VerificationMessageTemplate?.DefaultEmailOption], ['CONFIRM_WITH_CODE'])
  if (pool.Policies?.PasswordPolicy?.PasswordHistorySize)
    throw new UnsupportedError(`${what} PasswordHistorySize`)
}

/** Without a policy AWS asks for eight characters with one of each kind; in a policy, what is not named is not asked for. */
function passwordPolicyOf(policy: NonNullable<Given['Policies']>['PasswordPolicy']): PasswordPolicy {
  const required = policy === undefined
  return {
    minimumLength: policy?.MinimumLength ?? 8,
    requireUppercase: policy?.RequireUppercase ?? required,
    requireLowercase: policy?.RequireLowercase ?? required,
    requireNumbers: policy?.RequireNumbers ?? required,
    requireSymbols: policy?.RequireSymbols ?? required,
    temporaryPasswordValidityDays: policy?.TemporaryPasswordValidityDays || 7,
  }
}

function schemaOf(what: string, attributes: NonNullable<Given['Schema']>): SchemaAttribute[] {
  const schema = new Map(STANDARD_ATTRIBUTES.map(one => [one.name, one]))
  for (const attribute of attributes) {
    if (attribute.DeveloperOnlyAttribute) throw new UnsupportedError(`${what} DeveloperOnlyAttribute`)
    const standard = schema.get(attribute.Name)
    const merged = schemaAttribute(attribute, standard)
    schema.set(merged.name, merged)
  }
  return [...schema.values()]
}

function schemaAttribute(
  given: NonNullable<Given['Schema']>[number],
  standard: SchemaAttribute | undefined,
): SchemaAttribute {
  if (!standard && given.Required)
    throw invalidParameter('Required custom attributes are not supported currently.')
  const type = given.AttributeDataType ?? standard?.type
  if (!type)
    throw invalidParameter(
      'Invalid AttributeDataType input, consider using the provided AttributeDataType enum.',
    )
  const { MinLength, MaxLength } = given.StringAttributeConstraints ?? {}
  const { MinValue, MaxValue } = given.NumberAttributeConstraints ?? {}
  const [min, max] = [MinLength ?? MinValue, MaxLength ?? MaxValue].map(bound =>
    bound === undefined ? undefined : Number(bound),
  )
  return {
    name: standard ? given.Name : `custom:${given.Name}`,
    type,
    required: given.Required ?? standard?.required ?? false,
    mutable: given.Mutable ?? standard?.mutable ?? true,
    min: min ?? standard?.min,
    max: max ?? standard?.max,
  }
}

function verificationMailOf(pool: Given): MailTemplate {
  const template = pool.VerificationMessageTemplate
  return {
    subject: template?.EmailSubject ?? pool.EmailVerificationSubject ?? 'Your verification code',
    message: template?.EmailMessage ?? pool.EmailVerificationMessage ?? 'Your confirmation code is {####}',
  }
}

function invitationMailOf(pool: Given): MailTemplate {
  const template = pool.AdminCreateUserConfig?.InviteMessageTemplate
  return {
    subject: template?.EmailSubject ?? 'Your temporary password',
    message: template?.EmailMessage ?? 'Your username is {username} and temporary password is {####}.',
  }
}
