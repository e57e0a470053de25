import type { LocalCloud, Service } from '../../contract.ts'
import { createMailbox, type Mail, type ReceivedMail } from './mailbox.ts'
import { sendEmail } from './operations/send-email.ts'
import { emailIdentity } from './resources/email-identity.ts'

export type { Mail, ReceivedMail } from './mailbox.ts'

export type SesService = Service & {
  /** Every mail that was sent to anybody, newest first. */
  mailbox(): readonly ReceivedMail[]
  /** Puts a mail of another service, such as a user pool's codes, into the mailbox. */
  deliver(mail: Mail): void
}

/** SES v2: simple messages into one mailbox. */
export function createSesService(cloud: LocalCloud): SesService {
  const identities = new Set<string>()
  const mailbox = createMailbox(cloud.clock)
  return {
    name: 'ses',
    signingName: 'ses',
    protocol: 'rest-json',
    routes: [{ method: 'POST', path: '/v2/email/outbound-emails', operation: 'SendEmail' }],
    operations: { SendEmail: sendEmail(cloud, identities, mailbox) },
    resources: { 'AWS::SES::EmailIdentity': emailIdentity(identities) },
    mailbox: () => mailbox.list(),
    deliver: mail => mailbox.deliver(mail),
  }
}
