import { deserialize, serialize } from 'node:v8'
import { expect, test } from 'vitest'
import { call, fakeCloud, provision, START } from '../../testing/recording-cloud.ts'
import { createSesService } from './index.ts'

async function mailService() {
  const ses = createSesService(fakeCloud())
  await provision(ses, 'AWS::SES::EmailIdentity', 'Identity', { EmailIdentity: 'tollgate.example' })
  const send = (
    more: Record<string, unknown> = {},
    body: Record<string, unknown> = { Text: { Data: 'Your code is 123456.' } },
  ) =>
    call(ses, 'SendEmail', {
      FromEmailAddress: 'Tollgate <no-reply@tollgate.example>',
      Destination: { ToAddresses: ['dora@example.com'] },
      Content: { Simple: { Subject: { Data: 'Hello' }, Body: body } },
      ...more,
    })
  return { ses, send }
}

test('a mail lands in the mailbox, newest first, with the code in its text', async () => {
  const { ses, send } = await mailService()
  ses.deliver({ to: 'a@b.cc', subject: 'Older', text: 'invoice 1234567' })
  await send()
  expect(ses.mailbox()).toEqual([
    { to: 'dora@example.com', subject: 'Hello', text: 'Your code is 123456.', code: '123456', sentAt: START },
    { to: 'a@b.cc', subject: 'Older', text: 'invoice 1234567', sentAt: START },
  ])
})

test('a mail with HTML alone gets a readable text', async () => {
  const { ses, send } = await mailService()
  await send({}, { Html: { Data: '<style>p{}</style><p>Hello &amp; welcome</p><p>Bye</p>' } })
  expect(ses.mailbox()[0]?.text).toBe('Hello & welcome\nBye')
})

test('a sender that is no identity, a missing recipient and an unknown parameter are refused', async () => {
  const { ses, send } = await mailService()
  await expect(send({ FromEmailAddress: 'x@other.example' })).rejects.toMatchObject({
    code: 'MessageRejected',
  })
  await expect(send({ Destination: {} })).rejects.toMatchObject({ code: 'BadRequestException' })
  await expect(send({ Content: { Raw: { Data: '' } } })).rejects.toThrow('Raw')
  await expect(send({ ConfigurationSetName: 'x' })).rejects.toThrow('ConfigurationSetName')
  expect(ses.mailbox()).toEqual([])
})

test('where no template declares an identity, the owner is taken to have verified the sender', async () => {
  const ses = createSesService(fakeCloud())
  await call(ses, 'SendEmail', {
    FromEmailAddress: 'no-reply@anything.example',
    Destination: { ToAddresses: ['dora@example.com'] },
    Content: { Simple: { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Hi' } } } },
  })
  expect(ses.mailbox()).toHaveLength(1)
})

test('the mailbox and identities that a call made outlive a restart', async () => {
  const { ses, send } = await mailService()
  await call(ses, 'CreateEmailIdentity', { EmailIdentity: 'own.example' })
  await send()
  const after = createSesService(fakeCloud())
  await after.restore?.(deserialize(serialize(ses.snapshot?.())))
  expect(after.mailbox()).toEqual(ses.mailbox())
  const { EmailIdentities } = await call<{ EmailIdentities: { IdentityName: string }[] }>(
    after,
    'ListEmailIdentities',
    {},
  )
  expect(EmailIdentities.map(identity => identity.IdentityName)).toEqual(['own.example'])
  expect(await call(after, 'GetAccount', {})).toMatchObject({ SendQuota: { SentLast24Hours: 1 } })
})
