import type { ListUsersResponse } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, test } from 'vitest'
import { ServiceError } from '../../contract.ts'
import { provision } from '../../testing/recording-cloud.ts'
import { claimsOf, EMAIL, PASSWORD, people } from './testing/people.ts'
import { samples } from './testing/samples.ts'

/** What a user or a client may call without AWS credentials; everything else needs IAM's permission. */
const UNSIGNED = [
  'ChangePassword',
  'ConfirmForgotPassword',
  'ConfirmSignUp',
  'DeleteUser',
  'ForgotPassword',
  'GetTokensFromRefreshToken',
  'GetUser',
  'GetUserAttributeVerificationCode',
  'GlobalSignOut',
  'InitiateAuth',
  'ResendConfirmationCode',
  'RespondToAuthChallenge',
  'RevokeToken',
  'SignUp',
  'UpdateUserAttributes',
  'VerifyUserAttribute',
]

describe('an administrator', () => {
  test('makes a user who can sign in once the password is permanent', async () => {
    const self = await people()
    const attributes = [{ Name: 'email_verified', Value: 'true' }]
    await self.asAdmin('AdminCreateUser', {
      Username: EMAIL,
      UserAttributes: attributes,
      MessageAction: 'SUPPRESS',
    })
    expect(self.mails).toEqual([])
    const weak = { Username: EMAIL, Password: 'weak', Permanent: true }
    await expect(self.asAdmin('AdminSetUserPassword', weak)).rejects.toMatchObject({
      code: 'InvalidPasswordException',
    })
    await self.asAdmin('AdminSetUserPassword', { Username: EMAIL, Password: PASSWORD, Permanent: true })
    await expect(self.signIn()).resolves.toHaveProperty('AccessToken')
  })

  test('invites a user with a temporary password that conforms to the policy', async () => {
    const self = await people()
    await self.asAdmin('AdminCreateUser', { Username: EMAIL })
    const temporary = /temporary password is (.+)\.$/.exec(self.mails[0]?.text ?? '')?.[1] ?? ''
    expect(temporary).toMatch(/^.{12,}Aa1!$/)
    await self.cloud.clock.advanceTo(self.cloud.clock.now() + 7 * 86_400_000)
    await expect(self.signIn(temporary)).rejects.toThrow('Temporary password has expired')
    await self.asAdmin('AdminCreateUser', { Username: EMAIL, MessageAction: 'RESEND' })
    expect(self.mails).toHaveLength(2)
  })

  test('finds users by address, exactly or by its beginning', async () => {
    const self = await people()
    await self.join()
    await self.asClient('SignUp', { Username: 'donald@example.com', Password: PASSWORD })
    const found = async (Filter: string) =>
      (await self.asAdmin<ListUsersResponse>('ListUsers', { Filter })).Users?.length
    expect(await found('email = "Dora@example.com"')).toBe(1)
    expect(await found('email ^= "do"')).toBe(2)
    expect(await found('cognito:user_status = "CONFIRMED"')).toBe(1)
    await expect(found('shoe_size = "43"')).rejects.toMatchObject({ code: 'InvalidParameterException' })
  })

  test('manages groups, and hears of unknown ones and unknown users', async () => {
    const self = await people()
    await self.join()
    await self.asAdmin('AdminAddUserToGroup', { Username: EMAIL, GroupName: 'admins' })
    expect(await self.asAdmin('AdminListGroupsForUser', { Username: EMAIL })).toMatchObject({
      Groups: [{ GroupName: 'admins' }],
    })
    await self.asAdmin('AdminRemoveUserFromGroup', { Username: EMAIL, GroupName: 'admins' })
    expect(await self.asAdmin('AdminListGroupsForUser', { Username: EMAIL })).toEqual({ Groups: [] })
    await expect(self.asAdmin('AdminAddUserToGroup', { Username: EMAIL, GroupName: 'x' })).rejects.toThrow(
      'Group not found.',
    )
    await expect(self.asAdmin('AdminGetUser', { Username: 'x@y.zz' })).rejects.toMatchObject({
      code: 'UserNotFoundException',
    })
  })

  test('may do nothing that IAM does not allow', async () => {
    const self = await people()
    const denied = () => {
      throw new ServiceError('AccessDeniedException', 'no', 403)
    }
    const context = { identity: { kind: 'root' as const }, requestId: 'r', authorize: denied }
    const inputs = samples(self, { access: 'a', refresh: 'r', secret: 's' })
    const administrative = Object.keys(self.cognito.operations).filter(name => !UNSIGNED.includes(name))
    for (const name of administrative) {
      const run = async () => self.cognito.operations[name]?.(inputs[name], context)
      await expect(run(), name).rejects.toMatchObject({ code: 'AccessDeniedException' })
    }
    expect(administrative).toContain('AdminSetUserPassword')
  })
})

test('tokens name the most important group first, and its role as the preferred one', async () => {
  const self = await people()
  await self.join()
  const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`
  await self.asAdmin('CreateGroup', { GroupName: 'second', Precedence: 2, RoleArn: role('second') })
  await self.asAdmin('CreateGroup', { GroupName: 'first', Precedence: 1, RoleArn: role('first') })
  for (const GroupName of ['admins', 'second', 'first'])
    await self.asAdmin('AdminAddUserToGroup', { Username: EMAIL, GroupName })
  const { AccessToken, IdToken } = await self.signIn()
  const groups = { 'cognito:groups': ['first', 'second', 'admins'] }
  expect(claimsOf(AccessToken)).toMatchObject(groups)
  expect(claimsOf(IdToken)).toMatchObject({
    ...groups,
    'cognito:roles': [role('first'), role('second')],
    'cognito:preferred_role': role('first'),
  })
})

test('a changed address waits for its code where the pool verifies first', async () => {
  const self = await people({
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
  })
  await self.join()
  const { AccessToken } = await self.signIn()
  const UserAttributes = [{ Name: 'email', Value: 'new@example.com' }]
  await self.withToken('UpdateUserAttributes', { AccessToken, UserAttributes })
  const email = async () => {
    type Answer = { UserAttributes: { Name: string; Value: string }[] }
    const user = await self.withToken<Answer>('GetUser', { AccessToken })
    return user.UserAttributes.find(attribute => attribute.Name === 'email')?.Value
  }
  expect(await email()).toBe(EMAIL)
  expect(self.mails.at(-1)?.to).toBe('new@example.com')
  await self.withToken('VerifyUserAttribute', { AccessToken, AttributeName: 'email', Code: self.lastCode() })
  expect(await email()).toBe('new@example.com')
})

test('a deleted user is gone with every session', async () => {
  const self = await people()
  await self.join()
  const { AccessToken } = await self.signIn()
  await self.withToken('DeleteUser', { AccessToken })
  await expect(self.withToken('GetUser', { AccessToken })).rejects.toMatchObject({
    code: 'NotAuthorizedException',
  })
  await expect(self.asAdmin('AdminGetUser', { Username: EMAIL })).rejects.toMatchObject({
    code: 'UserNotFoundException',
  })
})

test('what the pool cannot do is refused when it is provisioned', async () => {
  const { cognito, poolId } = await people()
  const pool = (properties: Record<string, unknown>) =>
    provision(cognito, 'AWS::Cognito::UserPool', 'Other', properties)
  await expect(pool({ LambdaConfig: {} })).rejects.toThrow('LambdaConfig')
  await expect(pool({ MfaConfiguration: 'ON' })).rejects.toThrow('MfaConfiguration ON')
  const client = { UserPoolId: poolId, AllowedOAuthFlowsUserPoolClient: true }
  await expect(provision(cognito, 'AWS::Cognito::UserPoolClient', 'C', client)).rejects.toThrow('OAuth')
  const short = { UserPoolId: poolId, AccessTokenValidity: 1, TokenValidityUnits: { AccessToken: 'minutes' } }
  await expect(provision(cognito, 'AWS::Cognito::UserPoolClient', 'C', short)).rejects.toThrow(
    'Invalid range',
  )
})
