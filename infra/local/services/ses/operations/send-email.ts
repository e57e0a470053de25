import { randomBytes } from 'node:crypto'
import type { Message, SendEmailRequest, SendEmailResponse } from '@aws-sdk/client-sesv2'
import { type LocalCloud, type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { identityArn } from '../identity-arn.ts'
import { type Mailbox, textOfHtml } from '../mailbox.ts'

const MAX_RECIPIENTS = 50

/** Sends a simple message from a verified identity; every recipient gets an own copy in the mailbox. */
export const sendEmail =
  (cloud: LocalCloud, identities: ReadonlySet<string>, mailbox: Mailbox) =>
  (input: SendEmailRequest, context: OperationContext): SendEmailResponse => {
    const message = check(input)
    const from = addressOf(input.FromEmailAddress ?? '')
    const identity = verifiedIdentity(identities, from)
    context.authorize('ses:SendEmail', identityArn(cloud, identity ?? from), { 'ses:FromAddress': from })
    if (!identity) {
      const region = cloud.region.toUpperCase()
      throw new ServiceError(
        'MessageRejected',
        `Email address is not verified. The following identities failed the check in region ${region}: ${from}`,
      )
    }
    const html = message.Body?.Html?.Data
    const text = message.Body?.Text?.Data ?? textOfHtml(html ?? '')
    for (const to of recipientsOf(input)) {
      mailbox.deliver({
        to,
        subject: message.Subject?.Data ?? '',
        text,
        ...(html === undefined ? {} : { html }),
      })
    }
    cloud.clock.wrote()
    return { MessageId: `${randomBytes(8).toString('hex')}-${randomBytes(16).toString('hex')}-000000` }
  }

function check(input: SendEmailRequest): Message {
  refuseUnknown('ses SendEmail', input, [
    'FromEmailAddress',
    'Destination',
    'Content',
    'ReplyToAddresses',
    'EmailTags',
  ])
  refuseUnknown('ses SendEmail Content', input.Content ?? {}, ['Simple'])
  const message = input.Content?.Simple
  if (!message) throw badRequest('Content.Simple is required.')
  refuseUnknown('ses SendEmail Content.Simple', message, ['Subject', 'Body'])
  if (!message.Subject?.Data) throw badRequest('Content.Simple.Subject.Data is required.')
  if (!message.Body?.Text?.Data && !message.Body?.Html?.Data)
    throw badRequest('Content.Simple.Body needs Text or Html.')
  if (!input.FromEmailAddress) throw badRequest('FromEmailAddress is required.')
  const recipients = recipientsOf(input)
  if (recipients.length === 0) throw badRequest('Destination has no recipients.')
  if (recipients.length > MAX_RECIPIENTS) throw badRequest(`Recipient count exceeds ${MAX_RECIPIENTS}.`)
  const bad = recipients.find(recipient => !/^[^\s@]+@[^\s@]+$/.test(recipient))
  if (bad !== undefined) throw badRequest(`Invalid email address: ${bad}`)
  return message
}

function recipientsOf({ Destination }: SendEmailRequest): string[] {
  const groups = [Destination?.ToAddresses, Destination?.CcAddresses, Destination?.BccAddresses]
  return groups.flatMap(group => group ?? []).map(addressOf)
}

/** `Name <a@b>` is a@b. */
const addressOf = (mailbox: string): string => /<([^<>]+)>\s*$/.exec(mailbox)?.[1] ?? mailbox.trim()

/**
 * An address may send when it, its domain or a parent domain is an identity. Templates without any identity leave
 * verifying to the account's owner, who is taken to have verified the sender's domain.
 */
function verifiedIdentity(identities: ReadonlySet<string>, address: string): string | undefined {
  if (identities.size === 0) return address.split('@')[1]
  if (identities.has(address)) return address
  const labels = (address.split('@')[1] ?? '').toLowerCase().split('.')
  return labels.map((_, i) => labels.slice(i).join('.')).find(domain => identities.has(domain))
}

const badRequest = (message: string): ServiceError => new ServiceError('BadRequestException', message)
