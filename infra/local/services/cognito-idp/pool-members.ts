import { z } from 'zod'
import { choice, integer, text } from '../../input/members.ts'

/** Templates may write `"true"` and `"8"`. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform(value => value === 'true')])
export const count = (min: number, max: number) =>
  z.union([integer(min, max), z.string().regex(/^\d+$/).transform(Number).pipe(integer(min, max))])

const mail = text({ min: 6, max: 20_000 })
const subject = text({ min: 1, max: 140 })
const bounds = (...names: string[]) =>
  z.optional(
    z.strictObject(Object.fromEntries(names.map(name => [name, z.optional(text({ max: 131_072 }))]))),
  )

/** What `CreateUserPool` and `AWS::Cognito::UserPool` both say of a pool. */
export const poolMembers = {
  AccountRecoverySetting: z.optional(
    z.strictObject({
      RecoveryMechanisms: z.optional(
        z.array(
          z.strictObject({
            Name: choice('verified_email', 'verified_phone_number', 'admin_only'),
            Priority: count(1, 2),
          }),
        ),
      ),
    }),
  ),
  AdminCreateUserConfig: z.optional(
    z.strictObject({
      AllowAdminCreateUserOnly: z.optional(flag),
      UnusedAccountValidityDays: z.optional(count(0, 365)),
      InviteMessageTemplate: z.optional(
        z.strictObject({
          EmailMessage: z.optional(mail),
          EmailSubject: z.optional(subject),
          SMSMessage: z.optional(z.string()),
        }),
      ),
    }),
  ),
  AutoVerifiedAttributes: z.optional(z.array(choice('phone_number', 'email'))),
  DeletionProtection: z.optional(choice('ACTIVE', 'INACTIVE')),
  /** Whoever is named as the sender, mail lands in the one mailbox. */
  EmailConfiguration: z.optional(
    z.strictObject({
      EmailSendingAccount: z.optional(choice('COGNITO_DEFAULT', 'DEVELOPER')),
      From: z.optional(z.string()),
      ReplyToEmailAddress: z.optional(z.string()),
      SourceArn: z.optional(z.string()),
    }),
  ),
  EmailVerificationMessage: z.optional(mail),
  EmailVerificationSubject: z.optional(subject),
  MfaConfiguration: z.optional(choice('OFF', 'ON', 'OPTIONAL')),
  Policies: z.optional(
    z.strictObject({
      PasswordPolicy: z.optional(
        z.strictObject({
          MinimumLength: z.optional(count(6, 99)),
          RequireUppercase: z.optional(flag),
          RequireLowercase: z.optional(flag),
          RequireNumbers: z.optional(flag),
          RequireSymbols: z.optional(flag),
          PasswordHistorySize: z.optional(count(0, 24)),
          TemporaryPasswordValidityDays: z.optional(count(0, 365)),
        }),
      ),
      SignInPolicy: z.optional(
        z.strictObject({
          AllowedFirstAuthFactors: z.optional(
            z.array(choice('PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN')),
          ),
        }),
      ),
    }),
  ),
  Schema: z.optional(
    z.array(
      z.strictObject({
        Name: text({ min: 1, max: 20 }),
        AttributeDataType: z.optional(choice('String', 'Number', 'DateTime', 'Boolean')),
        DeveloperOnlyAttribute: z.optional(flag),
        Mutable: z.optional(flag),
        Required: z.optional(flag),
        NumberAttributeConstraints: bounds('MinValue', 'MaxValue'),
        StringAttributeConstraints: bounds('MinLength', 'MaxLength'),
      }),
    ),
  ),
  SmsVerificationMessage: z.optional(z.string()),
  UserAttributeUpdateSettings: z.optional(
    z.strictObject({
      AttributesRequireVerificationBeforeUpdate: z.optional(z.array(choice('phone_number', 'email'))),
    }),
  ),
  UserPoolAddOns: z.optional(z.strictObject({ AdvancedSecurityMode: choice('OFF', 'AUDIT', 'ENFORCED') })),
  UserPoolTags: z.optional(z.record(z.string(), z.string())),
  UserPoolTier: z.optional(choice('LITE', 'ESSENTIALS', 'PLUS')),
  UsernameAttributes: z.optional(z.array(choice('phone_number', 'email'))),
  UsernameConfiguration: z.optional(z.strictObject({ CaseSensitive: flag })),
  VerificationMessageTemplate: z.optional(
    z.strictObject({
      DefaultEmailOption: z.optional(choice('CONFIRM_WITH_LINK', 'CONFIRM_WITH_CODE')),
      EmailMessage: z.optional(mail),
      EmailSubject: z.optional(subject),
      EmailMessageByLink: z.optional(mail),
      EmailSubjectByLink: z.optional(subject),
      SmsMessage: z.optional(z.string()),
    }),
  ),
}
