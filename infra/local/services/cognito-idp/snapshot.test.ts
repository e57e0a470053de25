import { deserialize, serialize } from 'node:v8'
import { expect, test } from 'vitest'
import { createSigningKeys } from './jwt.ts'
import { claimsOf, EMAIL, PASSWORD, people } from './testing/people.ts'

test('after a restart people, sessions, codes and groups are there, and the keys are the same', async () => {
  const before = await people()
  await before.join()
  await before.asAdmin('CreateGroup', { GroupName: 'testers' })
  await before.asAdmin('AdminAddUserToGroup', { Username: EMAIL, GroupName: 'testers' })
  const tokens = await before.signIn()
  await before.asClient('ForgotPassword', { Username: EMAIL })
  const ConfirmationCode = before.lastCode()
  const saved = deserialize(serialize(before.cognito.snapshot?.()))

  const after = await people({}, {}, createSigningKeys)
  expect([after.poolId, after.clientId, after.hash('x')]).toEqual([
    before.poolId,
    before.clientId,
    before.hash('x'),
  ])
  await after.cognito.restore?.(saved)
  expect(await after.withToken('GetUser', { AccessToken: tokens.AccessToken })).toHaveProperty('Username')
  const sub = String(claimsOf(tokens.AccessToken).sub)
  const refreshed = await after.refresh(tokens.RefreshToken ?? '', sub)
  expect(claimsOf(refreshed.AccessToken)['cognito:groups']).toEqual(['testers'])
  const path = `/${after.poolId}/.well-known/jwks.json`
  expect(after.cognito.http('GET', path)).toEqual(before.cognito.http('GET', path))
  const reset = { Username: EMAIL, ConfirmationCode, Password: 'Rainy-day-43' }
  await after.asClient('ConfirmForgotPassword', reset)
  await expect(after.signIn('Rainy-day-43')).resolves.toHaveProperty('IdToken')
})

test('a restart keeps pools that a call made and follows the template in what the template says', async () => {
  const before = await people({ UserPoolName: 'old' })
  const made = await before.withToken<{ UserPool: { Id: string } }>('CreateUserPool', { PoolName: 'mine' })
  const after = await people({ UserPoolName: 'new' })
  await after.cognito.restore?.(deserialize(serialize(before.cognito.snapshot?.())))
  const name = async (UserPoolId: string) =>
    (await after.withToken<{ UserPool: { Name: string } }>('DescribeUserPool', { UserPoolId })).UserPool.Name
  expect([await name(made.UserPool.Id), await name(after.poolId)]).toEqual(['mine', 'new'])
  await after.asClient('SignUp', { Username: EMAIL, Password: PASSWORD })
})
