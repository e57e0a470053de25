import type { LocalCloud, Service } from '../../contract.ts'
import { bindOperations } from '../../input/operation.ts'
import { createMailbox, type Mail } from './mailbox.ts'
import { createEmailIdentity } from './operations/create-email-identity.ts'
import { deleteEmailIdentity } from './operations/delete-email-identity.ts'
import { getAccount } from './operations/get-account.ts'
import { getEmailIdentity } from './operations/get-email-identity.ts'
import { listEmailIdentities } from './operations/list-email-identities.ts'
import { sendEmail } from './operations/send-email.ts'
import { emailIdentity } from './resources/email-identity.ts'
import { DIALECT, type Ses } from './ses.ts'
import { restore } from './snapshot.ts'
import type { ReceivedMail, SesState } from './state.ts'

export type { Mail } from './mailbox.ts'
export type { ReceivedMail } from './state.ts'

export type SesService = Service & {
  /** Every mail that was sent to anybody, newest first. */
  mailbox(): readonly ReceivedMail[]
  /** Puts a mail of another service, such as a user pool's codes, into the mailbox. */
  deliver(mail: Mail): void
}

const IDENTITIES = '/v2/email/identities'

/** SES v2: simple messages into one mailbox. */
export function createSesService(cloud: LocalCloud): SesService {
  const state: SesState = { identities: new Map(), mails: [], sentAt: [] }
  const mailbox = createMailbox(cloud.clock, state)
  const ses: Ses = { cloud, state, mailbox }
  return {
    name: 'ses',
    signingName: 'ses',
    protocol: 'rest-json',
    routes: [
      { method: 'POST', path: '/v2/email/outbound-emails', operation: 'SendEmail' },
      { method: 'GET', path: '/v2/email/account', operation: 'GetAccount' },
      { method: 'GET', path: IDENTITIES, operation: 'ListEmailIdentities' },
      // Where newer SDKs ask for it.
      { method: 'POST', path: '/v2/email/list-identities', operation: 'ListEmailIdentities' },
      { method: 'POST', path: IDENTITIES, operation: 'CreateEmailIdentity' },
      { method: 'GET', path: `${IDENTITIES}/{EmailIdentity}`, operation: 'GetEmailIdentity' },
      { method: 'DELETE', path: `${IDENTITIES}/{EmailIdentity}`, operation: 'DeleteEmailIdentity' },
    ],
    operations: bindOperations(DIALECT, ses, {
      CreateEmailIdentity: createEmailIdentity,
      DeleteEmailIdentity: deleteEmailIdentity,
      GetAccount: getAccount,
      GetEmailIdentity: getEmailIdentity,
      ListEmailIdentities: listEmailIdentities,
      SendEmail: sendEmail,
    }),
    resources: { 'AWS::SES::EmailIdentity': emailIdentity(ses) },
    mailbox: () => mailbox.list(),
    deliver: mail => mailbox.deliver(mail),
    snapshot: () => state,
    restore: saved => restore(state, saved),
  }
}
