import type { SignUpResponse } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, test } from 'vitest'
import { EMAIL, PASSWORD, people } from './testing/people.ts'

const HOUR_MS = 3_600_000

describe('signing up', () => {
  test('makes an unconfirmed user whose name is a UUID and mails a code of six digits to a masked address', async () => {
    const self = await people()
    const answer = await self.asClient<SignUpResponse>('SignUp', { Username: EMAIL, Password: PASSWORD })
    expect(answer.UserConfirmed).toBe(false)
    expect(answer.UserSub).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer.CodeDeliveryDetails).toEqual({
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: 'd***@e***',
    })
    expect(self.mails).toEqual([
      { to: EMAIL, subject: 'Your code', text: expect.stringMatching(/^Code: \d{6}$/) },
    ])
  })

  test.each([
    ['short1A!', 'Password not long enough'],
    ['sunny-day-42', 'Password must have uppercase characters'],
    ['SUNNY-DAY-42', 'Password must have lowercase characters'],
    ['Sunny-day-day', 'Password must have numeric characters'],
    ['Sunnyday4242', 'Password must have symbol characters'],
  ])('refuses the password %s: %s', async (Password, reason) => {
    const self = await people()
    await expect(self.asClient('SignUp', { Username: EMAIL, Password })).rejects.toMatchObject({
      code: 'InvalidPasswordException',
      message: `Password did not conform with policy: ${reason}`,
    })
  })

  test('refuses an address twice, whatever its case', async () => {
    const self = await people()
    await self.signUp()
    await expect(
      self.asClient('SignUp', { Username: 'DORA@example.com', Password: PASSWORD }),
    ).rejects.toMatchObject({
      code: 'UsernameExistsException',
      message: 'An account with the given email already exists.',
    })
  })

  test('refuses a wrong, a missing and a foreign secret hash', async () => {
    const self = await people()
    const input = { Username: EMAIL, Password: PASSWORD }
    await expect(self.asClient('SignUp', { ...input, SecretHash: self.hash('other') })).rejects.toMatchObject(
      {
        code: 'NotAuthorizedException',
        message: `Unable to verify secret hash for client ${self.clientId}`,
      },
    )
    await expect(self.asClient('SignUp', { ...input, SecretHash: undefined })).rejects.toThrow(
      'SECRET_HASH was not received',
    )
    await expect(self.asClient('SignUp', { ...input, ClientId: 'nobody' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    })
  })

  test('refuses what is no address, an attribute nobody defined, and verifying oneself', async () => {
    const self = await people()
    await expect(self.asClient('SignUp', { Username: 'dora', Password: PASSWORD })).rejects.toThrow(
      'Username should be an email.',
    )
    const withAttribute = (Name: string) => ({
      Username: EMAIL,
      Password: PASSWORD,
      UserAttributes: [{ Name, Value: 'true' }],
    })
    await expect(self.asClient('SignUp', withAttribute('custom:plan'))).rejects.toThrow(
      'Attribute does not exist in the schema',
    )
    await expect(self.asClient('SignUp', withAttribute('email_verified'))).rejects.toMatchObject({
      code: 'NotAuthorizedException',
      message: 'A client attempted to write unauthorized attribute',
    })
  })
})

describe('confirming', () => {
  const confirm = (self: Awaited<ReturnType<typeof people>>, ConfirmationCode: string, Username = EMAIL) =>
    self.asClient('ConfirmSignUp', { Username, ConfirmationCode })

  test('verifies the address', async () => {
    const self = await people()
    await self.join()
    const user = await self.asAdmin<{ UserStatus: string; UserAttributes: unknown[] }>('AdminGetUser', {
      Username: EMAIL,
    })
    expect(user.UserStatus).toBe('CONFIRMED')
    expect(user.UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'true' })
  })

  test('refuses a wrong code, and after five of them even the right one for an hour', async () => {
    const self = await people()
    await self.signUp()
    const right = self.lastCode()
    const wrong = right === '000000' ? '000001' : '000000'
    for (let i = 0; i < 5; i++)
      await expect(confirm(self, wrong)).rejects.toMatchObject({ code: 'CodeMismatchException' })
    await expect(confirm(self, right)).rejects.toMatchObject({ code: 'LimitExceededException' })
    await self.cloud.clock.advanceTo(self.cloud.clock.now() + HOUR_MS)
    await expect(confirm(self, right)).resolves.toEqual({})
  })

  test('refuses a code after 24 hours and accepts the one that was sent anew', async () => {
    const self = await people()
    await self.signUp()
    const old = self.lastCode()
    await self.cloud.clock.advanceTo(self.cloud.clock.now() + 24 * HOUR_MS)
    await expect(confirm(self, old)).rejects.toMatchObject({ code: 'ExpiredCodeException' })
    await self.asClient('ResendConfirmationCode', { Username: EMAIL })
    await expect(confirm(self, self.lastCode())).resolves.toEqual({})
  })

  test('refuses to confirm twice', async () => {
    const self = await people()
    await self.join()
    await expect(confirm(self, '123456')).rejects.toThrow(
      'User cannot be confirmed. Current status is CONFIRMED',
    )
  })

  test('does not tell whether an address is known', async () => {
    const self = await people()
    await expect(confirm(self, '123456', 'nobody@example.com')).rejects.toMatchObject({
      code: 'CodeMismatchException',
    })
    const answer = await self.asClient('ResendConfirmationCode', { Username: 'nobody@example.com' })
    expect(answer).toEqual({
      CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'n***@e***' },
    })
    expect(self.mails).toEqual([])
  })
})
