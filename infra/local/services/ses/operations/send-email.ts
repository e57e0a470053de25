import { randomBytes } from 'node:crypto'
import type { SendEmailRequest, SendEmailResponse } from '@aws-sdk/client-sesv2'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { list, text } from '../../../input/members.ts'
import { textOfHtml } from '../mailbox.ts'
import { badRequest, identityArn, type Ses, type SesOperation } from '../ses.ts'

const MAX_RECIPIENTS = 50
const DAY_MS = 24 * 60 * 60 * 1000

const content = z.strictObject({ Data: z.string(), Charset: z.optional(z.string()) })
const addresses = z.optional(z.array(z.string()))

const INPUT = z.strictObject({
  FromEmailAddress: z.optional(z.string()),
  Destination: z.optional(
    z.strictObject({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses }),
  ),
  ReplyToAddresses: addresses,
  Content: z.strictObject({
    Simple: z.optional(
      z.strictObject({
        Subject: content,
        Body: z.strictObject({ Text: z.optional(content), Html: z.optional(content) }),
      }),
    ),
  }),
  EmailTags: z.optional(
    list(z.strictObject({ Name: text({ min: 1, max: 256 }), Value: text({ min: 1, max: 256 }) }), {
      max: 50,
    }),
  ),
}) satisfies z.ZodType<SendEmailRequest>

type Input = z.infer<typeof INPUT>

/** Sends a simple message from a verified identity; every recipient gets an own copy in the mailbox. */
export const sendEmail: SesOperation<typeof INPUT, SendEmailResponse> = {
  input: INPUT,
  run(ses, input, context) {
    const { cloud, state, mailbox } = ses
    const { message, recipients, from } = check(input)
    const identity = verifiedIdentity(ses, from)
    context.authorize('ses:SendEmail', identityArn(cloud, identity ?? from), { 'ses:FromAddress': from })
    if (identity === undefined)
      throw new ServiceError(
        'MessageRejected',
        `Email address is not verified. The following identities failed the check in region ${cloud.region.toUpperCase()}: ${from}`,
      )
    const html = message.Body.Html?.Data
    const plain = message.Body.Text?.Data ?? textOfHtml(html ?? '')
    const now = cloud.clock.now()
    for (const to of recipients)
      mailbox.deliver({
        to,
        subject: message.Subject.Data,
        text: plain,
        ...(html === undefined ? {} : { html }),
      })
    state.sentAt = [...state.sentAt.filter(at => at > now - DAY_MS), ...recipients.map(() => now)]
    cloud.clock.wrote()
    return { MessageId: `${randomBytes(8).toString('hex')}-${randomBytes(16).toString('hex')}-000000` }
  },
}

function check(input: Input) {
  const message = input.Content.Simple
  if (!message) throw badRequest('Content.Simple is required.')
  if (message.Subject.Data === '') throw badRequest('Content.Simple.Subject.Data is required.')
  if (!message.Body.Text?.Data && !message.Body.Html?.Data)
    throw badRequest('Content.Simple.Body needs Text or Html.')
  if (!input.FromEmailAddress) throw badRequest('FromEmailAddress is required.')
  const { ToAddresses, CcAddresses, BccAddresses } = input.Destination ?? {}
  const recipients = [ToAddresses, CcAddresses, BccAddresses].flatMap(group => group ?? []).map(addressOf)
  if (recipients.length === 0) throw badRequest('Destination has no recipients.')
  if (recipients.length > MAX_RECIPIENTS) throw badRequest(`Recipient count exceeds ${MAX_RECIPIENTS}.`)
  const from = addressOf(input.FromEmailAddress)
  for (const address of [from, ...recipients, ...(input.ReplyToAddresses ?? []).map(addressOf)])
    checkAddress(address)
  return { message, recipients, from }
}

/** `Name <a@b>` is a@b. */
const addressOf = (mailbox: string): string => /<([^<>]*)>\s*$/.exec(mailbox)?.[1] ?? mailbox.trim()

function checkAddress(address: string): void {
  if (/^[^@]*$/.test(address)) throw badRequest("Missing final '@domain'")
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw badRequest(`Invalid email address: ${address}`)
}

/**
 * An address may send when it, its domain or a parent domain is an identity. Templates without any identity leave
 * verifying to the account's owner, who is taken to have verified the sender's domain.
 */
function verifiedIdentity({ state }: Ses, address: string): string | undefined {
  const { identities } = state
  const domain = (address.split('@')[1] ?? '').toLowerCase()
  if (identities.size === 0) return domain
  if (identities.has(address)) return address
  const labels = domain.split('.')
  return labels.map((_, i) => labels.slice(i).join('.')).find(parent => identities.has(parent))
}
