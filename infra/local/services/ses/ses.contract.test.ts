import { randomUUID } from 'node:crypto'
import {
  CreateEmailIdentityCommand,
  DeleteEmailIdentityCommand,
  GetAccountCommand,
  GetEmailIdentityCommand,
  ListEmailIdentitiesCommand,
  SESv2Client,
  SendEmailCommand,
  type SendEmailCommandInput,
} from '@aws-sdk/client-sesv2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientConfig, localOnly, ON_AWS } from '../../testing/contract-target.ts'
import { type Served, serve } from '../../testing/serve.ts'
import { createSesService, type SesService } from './index.ts'

const UNVERIFIED = 'a new identity is verified here at once'
const domain = `${randomUUID()}.example`
let here: Served | undefined
let ses: SesService | undefined
let client: SESv2Client

beforeAll(async () => {
  here = ON_AWS
    ? undefined
    : await serve(cloud => {
        ses = createSesService(cloud)
        return [ses]
      })
  client = new SESv2Client(clientConfig(here?.url ?? ''))
  await client.send(new CreateEmailIdentityCommand({ EmailIdentity: domain }))
})
afterAll(async () => {
  await client.send(new DeleteEmailIdentityCommand({ EmailIdentity: domain }))
  client.destroy()
  await here?.close()
})

const send = (more: Partial<SendEmailCommandInput> = {}) =>
  client.send(
    new SendEmailCommand({
      FromEmailAddress: `Tollgate <no-reply@${domain}>`,
      Destination: { ToAddresses: ['dora@example.com'] },
      Content: { Simple: { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Your code is 123456.' } } } },
      ...more,
    }),
  )

test('an identity is listed and described, and not made twice', async () => {
  const listed: (string | undefined)[] = []
  let NextToken: string | undefined
  do {
    const page = await client.send(new ListEmailIdentitiesCommand({ NextToken, PageSize: 1_000 }))
    listed.push(...(page.EmailIdentities ?? []).map(identity => identity.IdentityName))
    NextToken = page.NextToken
  } while (NextToken)
  expect(listed).toContain(domain)
  const described = await client.send(new GetEmailIdentityCommand({ EmailIdentity: domain }))
  expect(described).toMatchObject({ IdentityType: 'DOMAIN', FeedbackForwardingStatus: true })
  await expect(client.send(new CreateEmailIdentityCommand({ EmailIdentity: domain }))).rejects.toMatchObject({
    name: 'AlreadyExistsException',
  })
  await expect(
    client.send(new GetEmailIdentityCommand({ EmailIdentity: `no.${domain}` })),
  ).rejects.toMatchObject({ name: 'NotFoundException', $metadata: { httpStatusCode: 404 } })
})

test('the account tells its quota', async () => {
  const { SendQuota, SendingEnabled } = await client.send(new GetAccountCommand({}))
  expect(SendingEnabled).toBe(true)
  expect(SendQuota?.Max24HourSend).toBeGreaterThan(0)
})

test('a sender that nobody verified is refused', async () => {
  const sender = `x@${randomUUID()}.example`
  await expect(send({ FromEmailAddress: sender })).rejects.toMatchObject({
    name: 'MessageRejected',
    message: expect.stringMatching(
      new RegExp(
        `^Email address is not verified. The following identities failed the check in region .*${sender}`,
      ),
    ),
  })
})

test('a mail to nobody or to no address is a bad request', async () => {
  await expect(send({ Destination: { ToAddresses: ['dora'] } })).rejects.toMatchObject({
    name: 'BadRequestException',
    message: "Missing final '@domain'",
  })
  await expect(send({ Destination: {} })).rejects.toMatchObject({ name: 'BadRequestException' })
})

localOnly(UNVERIFIED)('a mail lands in the mailbox and counts', async () => {
  const { MessageId } = await send({
    Destination: { ToAddresses: ['a@b.cc'], BccAddresses: ['Dora <d@b.cc>'] },
  })
  expect(MessageId).toMatch(/^[0-9a-f]{16}-[0-9a-f-]+-000000$/)
  expect(ses?.mailbox().map(mail => [mail.to, mail.code])).toEqual([
    ['d@b.cc', '123456'],
    ['a@b.cc', '123456'],
  ])
  const { SendQuota } = await client.send(new GetAccountCommand({}))
  expect(SendQuota?.SentLast24Hours).toBe(2)
})
