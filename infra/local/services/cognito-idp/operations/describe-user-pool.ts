import type {
  DescribeUserPoolRequest,
  DescribeUserPoolResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminPool } from '../admin.ts'
import type { Cognito } from '../cognito.ts'

export const describeUserPool =
  (cognito: Cognito) =>
  (input: DescribeUserPoolRequest, context: OperationContext): DescribeUserPoolResponse => {
    refuseUnknown('cognito-idp DescribeUserPool', input, ['UserPoolId'])
    const pool = adminPool(cognito, context, 'DescribeUserPool', input.UserPoolId)
    const policy = pool.passwordPolicy
    return {
      UserPool: {
        Id: pool.id,
        Name: pool.name,
        Arn: pool.arn,
        CreationDate: new Date(pool.createdAt),
        LastModifiedDate: new Date(pool.createdAt),
        EstimatedNumberOfUsers: pool.users.size,
        UsernameAttributes: pool.emailAsUsername ? ['email'] : [],
        AutoVerifiedAttributes: pool.autoVerifyEmail ? ['email'] : [],
        UsernameConfiguration: { CaseSensitive: pool.caseSensitive },
        MfaConfiguration: 'OFF',
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: !pool.selfSignUp },
        SchemaAttributes: pool.schema.map(one => ({
          Name: one.name,
          Required: one.required,
          Mutable: one.mutable,
        })),
        Policies: {
          PasswordPolicy: {
            MinimumLength: policy.minimumLength,
            RequireUppercase: policy.requireUppercase,
            RequireLowercase: policy.requireLowercase,
            RequireNumbers: policy.requireNumbers,
            RequireSymbols: policy.requireSymbols,
            TemporaryPasswordValidityDays: policy.temporaryPasswordValidityDays,
          },
        },
      },
    }
  }
