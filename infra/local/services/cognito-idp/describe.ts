import type {
  ExplicitAuthFlowsType,
  GroupType,
  UserPoolClientType,
  UserPoolType,
  UserType,
} from '@aws-sdk/client-cognito-identity-provider'
import { attributeList, describeAttribute } from './attributes.ts'
import type { Group, User, UserPool, UserPoolClient } from './state.ts'

/** A user as lists and `AdminCreateUser` show them. */
export const describeUser = (user: User): UserType => ({
  Username: user.username,
  Attributes: attributeList(user),
  UserCreateDate: new Date(user.createdAt),
  UserLastModifiedDate: new Date(user.modifiedAt),
  Enabled: user.enabled,
  UserStatus: user.status,
})

export const describeGroup = (pool: UserPool, group: Group): GroupType => ({
  GroupName: group.name,
  UserPoolId: pool.id,
  ...(group.description ? { Description: group.description } : {}),
  ...(group.precedence === undefined ? {} : { Precedence: group.precedence }),
  ...(group.roleArn ? { RoleArn: group.roleArn } : {}),
  CreationDate: new Date(group.createdAt),
  LastModifiedDate: new Date(group.createdAt),
})

export function describePool(pool: UserPool): UserPoolType {
  const policy = pool.passwordPolicy
  return {
    Id: pool.id,
    Name: pool.name,
    Arn: pool.arn,
    CreationDate: new Date(pool.createdAt),
    LastModifiedDate: new Date(pool.createdAt),
    DeletionProtection: pool.protected ? 'ACTIVE' : 'INACTIVE',
    EstimatedNumberOfUsers: pool.users.size,
    ...(pool.emailAsUsername ? { UsernameAttributes: ['email'] } : {}),
    ...(pool.autoVerifyEmail ? { AutoVerifiedAttributes: ['email'] } : {}),
    UsernameConfiguration: { CaseSensitive: pool.caseSensitive },
    UserAttributeUpdateSettings: {
      AttributesRequireVerificationBeforeUpdate: pool.verifyEmailBeforeUpdate ? ['email'] : [],
    },
    MfaConfiguration: 'OFF',
    UserPoolTier: pool.tier,
    UserPoolTags: pool.tags,
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: !pool.selfSignUp,
      UnusedAccountValidityDays: policy.temporaryPasswordValidityDays,
    },
    VerificationMessageTemplate: {
      DefaultEmailOption: 'CONFIRM_WITH_CODE',
      EmailSubject: pool.verificationMail.subject,
      EmailMessage: pool.verificationMail.message,
    },
    SchemaAttributes: pool.schema.map(describeAttribute),
    Policies: {
      PasswordPolicy: {
        MinimumLength: policy.minimumLength,
        RequireUppercase: policy.requireUppercase,
        RequireLowercase: policy.requireLowercase,
        RequireNumbers: policy.requireNumbers,
        RequireSymbols: policy.requireSymbols,
        TemporaryPasswordValidityDays: policy.temporaryPasswordValidityDays,
      },
      SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
    },
  }
}

export const describeClient = (pool: UserPool, client: UserPoolClient): UserPoolClientType => ({
  UserPoolId: pool.id,
  ClientId: client.id,
  ClientName: client.name,
  ...(client.secret === undefined ? {} : { ClientSecret: client.secret }),
  CreationDate: new Date(client.createdAt),
  LastModifiedDate: new Date(client.createdAt),
  ExplicitAuthFlows: client.flows as ExplicitAuthFlowsType[],
  AccessTokenValidity: client.accessTokenValidity.value,
  IdTokenValidity: client.idTokenValidity.value,
  RefreshTokenValidity: client.refreshTokenValidity.value,
  TokenValidityUnits: {
    AccessToken: client.accessTokenValidity.unit,
    IdToken: client.idTokenValidity.unit,
    RefreshToken: client.refreshTokenValidity.unit,
  },
  PreventUserExistenceErrors: client.masksUserExistence ? 'ENABLED' : 'LEGACY',
  EnableTokenRevocation: client.revocation,
  AllowedOAuthFlowsUserPoolClient: false,
  AuthSessionValidity: client.authSessionMinutes,
  ...(client.rotationGraceSeconds === undefined
    ? {}
    : {
        RefreshTokenRotation: {
          Feature: 'ENABLED',
          RetryGracePeriodSeconds: client.rotationGraceSeconds,
        },
      }),
})
