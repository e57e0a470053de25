import { EMAIL, PASSWORD, type People } from './people.ts'

/** A valid input for every operation, about the pool, the client and the user of `people`; what it deletes is not there. */
export function samples(self: People, tokens: { access: string; refresh: string; secret: string }) {
  const { poolId: UserPoolId, clientId: ClientId } = self
  const spoken = { ClientId, Username: EMAIL, SecretHash: self.hash(EMAIL) }
  const user = { UserPoolId, Username: EMAIL }
  const group = { UserPoolId, GroupName: 'admins' }
  const signedIn = { AccessToken: tokens.access }
  const said = { USERNAME: EMAIL, PASSWORD, SECRET_HASH: self.hash(EMAIL) }
  const UserAttributes = [{ Name: 'given_name', Value: 'Dora' }]
  const Session = 'x'.repeat(40)
  const challenge = { ClientId, ChallengeName: 'PASSWORD', ChallengeResponses: said, Session }
  const inputs: Record<string, Record<string, unknown>> = {
    AdminAddUserToGroup: { ...user, GroupName: 'admins' },
    AdminConfirmSignUp: { ...user, ClientMetadata: { a: 'b' } },
    AdminCreateUser: { ...user, Username: 'new@example.com', UserAttributes, MessageAction: 'SUPPRESS' },
    AdminDeleteUser: user,
    AdminDisableUser: user,
    AdminEnableUser: user,
    AdminGetUser: user,
    AdminInitiateAuth: { UserPoolId, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters: said },
    AdminListGroupsForUser: { ...user, Limit: 10, NextToken: '0' },
    AdminRemoveUserFromGroup: { ...user, GroupName: 'admins' },
    AdminResetUserPassword: user,
    AdminRespondToAuthChallenge: { UserPoolId, ...challenge },
    AdminSetUserPassword: { ...user, Password: PASSWORD, Permanent: true },
    AdminUpdateUserAttributes: { ...user, UserAttributes },
    AdminUserGlobalSignOut: user,
    ChangePassword: { ...signedIn, PreviousPassword: PASSWORD, ProposedPassword: PASSWORD },
    ConfirmForgotPassword: { ...spoken, ConfirmationCode: '000000', Password: PASSWORD },
    ConfirmSignUp: { ...spoken, ConfirmationCode: '000000', ForceAliasCreation: false, Session },
    CreateGroup: { ...group, GroupName: 'new', Precedence: 1, Description: 'text' },
    CreateUserPool: {
      PoolName: 'another',
      Policies: { PasswordPolicy: { MinimumLength: 8 } },
      Schema: [{ Name: 'plan', AttributeDataType: 'String' }],
    },
    CreateUserPoolClient: { UserPoolId, ClientName: 'another', ExplicitAuthFlows: ['ALLOW_USER_AUTH'] },
    DeleteGroup: { UserPoolId, GroupName: 'others' },
    DeleteUser: signedIn,
    DeleteUserPool: { UserPoolId: 'us-east-1_another00' },
    DeleteUserPoolClient: { UserPoolId, ClientId: 'another' },
    DescribeUserPool: { UserPoolId },
    DescribeUserPoolClient: { UserPoolId, ClientId },
    ForgotPassword: spoken,
    GetGroup: group,
    GetTokensFromRefreshToken: { RefreshToken: tokens.refresh, ClientId, ClientSecret: tokens.secret },
    GetUser: signedIn,
    GetUserAttributeVerificationCode: { ...signedIn, AttributeName: 'email' },
    GlobalSignOut: signedIn,
    InitiateAuth: { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: said },
    ListGroups: { UserPoolId, Limit: 10 },
    ListUserPoolClients: { UserPoolId, MaxResults: 10 },
    ListUserPools: { MaxResults: 10 },
    ListUsers: {
      UserPoolId,
      Filter: 'email ^= "d"',
      AttributesToGet: ['email'],
      Limit: 5,
      PaginationToken: '0',
    },
    ListUsersInGroup: { ...group, Limit: 10 },
    ResendConfirmationCode: spoken,
    RespondToAuthChallenge: challenge,
    RevokeToken: { Token: tokens.refresh, ClientId, ClientSecret: tokens.secret },
    SignUp: { ...spoken, Password: PASSWORD, UserAttributes },
    UpdateUserAttributes: { ...signedIn, UserAttributes },
    VerifyUserAttribute: { ...signedIn, AttributeName: 'email', Code: '000000' },
  }
  return inputs
}
