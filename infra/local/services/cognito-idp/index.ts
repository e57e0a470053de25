import type { HttpAnswer, LocalCloud, Service } from '../../contract.ts'
import { bindOperations } from '../../input/operation.ts'
import type { Cognito, OutgoingMail } from './cognito.ts'
import { DIALECT } from './dialect.ts'
import { createSigningKeys } from './jwt.ts'
import { adminAddUserToGroup } from './operations/admin-add-user-to-group.ts'
import { adminConfirmSignUp } from './operations/admin-confirm-sign-up.ts'
import { adminCreateUser } from './operations/admin-create-user.ts'
import { adminDeleteUser } from './operations/admin-delete-user.ts'
import { adminDisableUser } from './operations/admin-disable-user.ts'
import { adminEnableUser } from './operations/admin-enable-user.ts'
import { adminGetUser } from './operations/admin-get-user.ts'
import { adminInitiateAuth } from './operations/admin-initiate-auth.ts'
import { adminListGroupsForUser } from './operations/admin-list-groups-for-user.ts'
import { adminRemoveUserFromGroup } from './operations/admin-remove-user-from-group.ts'
import { adminResetUserPassword } from './operations/admin-reset-user-password.ts'
import { adminRespondToAuthChallenge } from './operations/admin-respond-to-auth-challenge.ts'
import { adminSetUserPassword } from './operations/admin-set-user-password.ts'
import { adminUpdateUserAttributes } from './operations/admin-update-user-attributes.ts'
import { adminUserGlobalSignOut } from './operations/admin-user-global-sign-out.ts'
import { changePassword } from './operations/change-password.ts'
import { confirmForgotPassword } from './operations/confirm-forgot-password.ts'
import { confirmSignUp } from './operations/confirm-sign-up.ts'
import { createGroup } from './operations/create-group.ts'
import { createUserPool } from './operations/create-user-pool.ts'
import { createUserPoolClient } from './operations/create-user-pool-client.ts'
import { deleteGroup } from './operations/delete-group.ts'
import { deleteUser } from './operations/delete-user.ts'
import { deleteUserPool } from './operations/delete-user-pool.ts'
import { deleteUserPoolClient } from './operations/delete-user-pool-client.ts'
import { describeUserPool } from './operations/describe-user-pool.ts'
import { describeUserPoolClient } from './operations/describe-user-pool-client.ts'
import { forgotPassword } from './operations/forgot-password.ts'
import { getGroup } from './operations/get-group.ts'
import { getTokensFromRefreshToken } from './operations/get-tokens-from-refresh-token.ts'
import { getUser } from './operations/get-user.ts'
import { getUserAttributeVerificationCode } from './operations/get-user-attribute-verification-code.ts'
import { globalSignOut } from './operations/global-sign-out.ts'
import { initiateAuth } from './operations/initiate-auth.ts'
import { listGroups } from './operations/list-groups.ts'
import { listUserPoolClients } from './operations/list-user-pool-clients.ts'
import { listUserPools } from './operations/list-user-pools.ts'
import { listUsers } from './operations/list-users.ts'
import { listUsersInGroup } from './operations/list-users-in-group.ts'
import { resendConfirmationCode } from './operations/resend-confirmation-code.ts'
import { respondToAuthChallenge } from './operations/respond-to-auth-challenge.ts'
import { revokeToken } from './operations/revoke-token.ts'
import { signUp } from './operations/sign-up.ts'
import { updateUserAttributes } from './operations/update-user-attributes.ts'
import { verifyUserAttribute } from './operations/verify-user-attribute.ts'
import { userPool } from './resources/user-pool.ts'
import { userPoolClient } from './resources/user-pool-client.ts'
import { userPoolGroup } from './resources/user-pool-group.ts'
import { restore } from './snapshot.ts'
import { wellKnown } from './well-known.ts'

export type { OutgoingMail } from './cognito.ts'

export type CognitoService = Service & {
  /** JWKS and OpenID configuration of the pools, unsigned, at the AWS endpoint. */
  http(method: string, path: string): HttpAnswer | undefined
}

/** Cognito user pools: the calls of a server-rendered portal and of its administrators. `sendMail` gets every code. */
export function createCognitoService(
  cloud: LocalCloud,
  options: {
    sendMail(mail: OutgoingMail): void
    /** Keys of a new pool, made anew unless told. */
    createSigningKeys?: Cognito['createSigningKeys']
  },
): CognitoService {
  const cognito: Cognito = {
    cloud,
    state: { pools: new Map() },
    sendMail: mail => options.sendMail(mail),
    createSigningKeys: options.createSigningKeys ?? createSigningKeys,
  }
  return {
    name: 'cognito-idp',
    signingName: 'cognito-idp',
    protocol: 'json',
    targetPrefix: 'AWSCognitoIdentityProviderService',
    jsonVersion: '1.1',
    operations: bindOperations(DIALECT, cognito, {
      AdminAddUserToGroup: adminAddUserToGroup,
      AdminConfirmSignUp: adminConfirmSignUp,
      AdminCreateUser: adminCreateUser,
      AdminDeleteUser: adminDeleteUser,
      AdminDisableUser: adminDisableUser,
      AdminEnableUser: adminEnableUser,
      AdminGetUser: adminGetUser,
      AdminInitiateAuth: adminInitiateAuth,
      AdminListGroupsForUser: adminListGroupsForUser,
      AdminRemoveUserFromGroup: adminRemoveUserFromGroup,
      AdminResetUserPassword: adminResetUserPassword,
      AdminRespondToAuthChallenge: adminRespondToAuthChallenge,
      AdminSetUserPassword: adminSetUserPassword,
      AdminUpdateUserAttributes: adminUpdateUserAttributes,
      AdminUserGlobalSignOut: adminUserGlobalSignOut,
      ChangePassword: changePassword,
      ConfirmForgotPassword: confirmForgotPassword,
      ConfirmSignUp: confirmSignUp,
      CreateGroup: createGroup,
      CreateUserPool: createUserPool,
      CreateUserPoolClient: createUserPoolClient,
      DeleteGroup: deleteGroup,
      DeleteUser: deleteUser,
      DeleteUserPool: deleteUserPool,
      DeleteUserPoolClient: deleteUserPoolClient,
      DescribeUserPool: describeUserPool,
      DescribeUserPoolClient: describeUserPoolClient,
      ForgotPassword: forgotPassword,
      GetGroup: getGroup,
      GetTokensFromRefreshToken: getTokensFromRefreshToken,
      GetUser: getUser,
      GetUserAttributeVerificationCode: getUserAttributeVerificationCode,
      GlobalSignOut: globalSignOut,
      InitiateAuth: initiateAuth,
      ListGroups: listGroups,
      ListUserPoolClients: listUserPoolClients,
      ListUserPools: listUserPools,
      ListUsers: listUsers,
      ListUsersInGroup: listUsersInGroup,
      ResendConfirmationCode: resendConfirmationCode,
      RespondToAuthChallenge: respondToAuthChallenge,
      RevokeToken: revokeToken,
      SignUp: signUp,
      UpdateUserAttributes: updateUserAttributes,
      VerifyUserAttribute: verifyUserAttribute,
    }),
    resources: {
      'AWS::Cognito::UserPool': userPool(cognito),
      'AWS::Cognito::UserPoolClient': userPoolClient(cognito),
      'AWS::Cognito::UserPoolGroup': userPoolGroup(cognito),
    },
    http: (method, path) => wellKnown(cloud, cognito.state, method, path),
    snapshot: () => cognito.state,
    restore: state => restore(cognito, state),
  }
}
