import type { HttpAnswer, LocalCloud, Service } from '../../contract.ts'
import type { Cognito, OutgoingMail } from './cognito.ts'
import { adminAddUserToGroup } from './operations/admin-add-user-to-group.ts'
import { adminConfirmSignUp } from './operations/admin-confirm-sign-up.ts'
import { adminCreateUser } from './operations/admin-create-user.ts'
import { adminDisableUser } from './operations/admin-disable-user.ts'
import { adminEnableUser } from './operations/admin-enable-user.ts'
import { adminGetUser } from './operations/admin-get-user.ts'
import { adminListGroupsForUser } from './operations/admin-list-groups-for-user.ts'
import { adminRemoveUserFromGroup } from './operations/admin-remove-user-from-group.ts'
import { adminSetUserPassword } from './operations/admin-set-user-password.ts'
import { adminUpdateUserAttributes } from './operations/admin-update-user-attributes.ts'
import { adminUserGlobalSignOut } from './operations/admin-user-global-sign-out.ts'
import { changePassword } from './operations/change-password.ts'
import { confirmForgotPassword } from './operations/confirm-forgot-password.ts'
import { confirmSignUp } from './operations/confirm-sign-up.ts'
import { deleteUser } from './operations/delete-user.ts'
import { describeUserPool } from './operations/describe-user-pool.ts'
import { describeUserPoolClient } from './operations/describe-user-pool-client.ts'
import { forgotPassword } from './operations/forgot-password.ts'
import { getUser } from './operations/get-user.ts'
import { globalSignOut } from './operations/global-sign-out.ts'
import { initiateAuth } from './operations/initiate-auth.ts'
import { listGroups } from './operations/list-groups.ts'
import { listUserPoolClients } from './operations/list-user-pool-clients.ts'
import { listUserPools } from './operations/list-user-pools.ts'
import { listUsers } from './operations/list-users.ts'
import { resendConfirmationCode } from './operations/resend-confirmation-code.ts'
import { revokeToken } from './operations/revoke-token.ts'
import { signUp } from './operations/sign-up.ts'
import { updateUserAttributes } from './operations/update-user-attributes.ts'
import { verifyUserAttribute } from './operations/verify-user-attribute.ts'
import { userPool } from './resources/user-pool.ts'
import { userPoolClient } from './resources/user-pool-client.ts'
import { userPoolGroup } from './resources/user-pool-group.ts'
import { wellKnown } from './well-known.ts'

export type { OutgoingMail } from './cognito.ts'

export type CognitoService = Service & {
  /** JWKS and OpenID configuration of the pools, unsigned, at the AWS endpoint. */
  http(method: string, path: string): HttpAnswer | undefined
}

/** Cognito user pools: the calls of a server-rendered portal and of its administrators. `sendMail` gets every code. */
export function createCognitoService(
  cloud: LocalCloud,
  options: { sendMail(mail: OutgoingMail): void },
): CognitoService {
  const cognito: Cognito = { cloud, state: { pools: new Map() }, sendMail: mail => options.sendMail(mail) }
  return {
    name: 'cognito-idp',
    signingName: 'cognito-idp',
    protocol: 'json',
    targetPrefix: 'AWSCognitoIdentityProviderService',
    jsonVersion: '1.1',
    operations: {
      AdminAddUserToGroup: adminAddUserToGroup(cognito),
      AdminConfirmSignUp: adminConfirmSignUp(cognito),
      AdminCreateUser: adminCreateUser(cognito),
      AdminDisableUser: adminDisableUser(cognito),
      AdminEnableUser: adminEnableUser(cognito),
      AdminGetUser: adminGetUser(cognito),
      AdminListGroupsForUser: adminListGroupsForUser(cognito),
      AdminRemoveUserFromGroup: adminRemoveUserFromGroup(cognito),
      AdminSetUserPassword: adminSetUserPassword(cognito),
      AdminUpdateUserAttributes: adminUpdateUserAttributes(cognito),
      AdminUserGlobalSignOut: adminUserGlobalSignOut(cognito),
      ChangePassword: changePassword(cognito),
      ConfirmForgotPassword: confirmForgotPassword(cognito),
      ConfirmSignUp: confirmSignUp(cognito),
      DeleteUser: deleteUser(cognito),
      DescribeUserPool: describeUserPool(cognito),
      DescribeUserPoolClient: describeUserPoolClient(cognito),
      ForgotPassword: forgotPassword(cognito),
      GetUser: getUser(cognito),
      GlobalSignOut: globalSignOut(cognito),
      InitiateAuth: initiateAuth(cognito),
      ListGroups: listGroups(cognito),
      ListUserPoolClients: listUserPoolClients(cognito),
      ListUserPools: listUserPools(cognito),
      ListUsers: listUsers(cognito),
      ResendConfirmationCode: resendConfirmationCode(cognito),
      RevokeToken: revokeToken(cognito),
      SignUp: signUp(cognito),
      UpdateUserAttributes: updateUserAttributes(cognito),
      VerifyUserAttribute: verifyUserAttribute(cognito),
    },
    resources: {
      'AWS::Cognito::UserPool': userPool(cognito),
      'AWS::Cognito::UserPoolClient': userPoolClient(cognito),
      'AWS::Cognito::UserPoolGroup': userPoolGroup(cognito),
    },
    http: (method, path) => wellKnown(cognito.state, method, path),
  }
}
