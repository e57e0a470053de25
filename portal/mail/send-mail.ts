import { isNew, type Table } from '#kernel/table'
import { type Instant, MINUTE_MS, plusMs } from '#kernel/time'
import type { AccountStore } from '../accounts/store.ts'
import { composeMail } from './compose-mail.ts'

export type MailerPorts = {
  readonly table: Table
  readonly accounts: Pick<AccountStore, 'get'>
  readonly send: (to: string, subject: string, text: string) => Promise<void>
  readonly portalUrl: string
}
export type Fact = { readonly id: string; readonly type: string; readonly data: unknown }
export type MailOutcome = 'sent' | 'already_sent' | 'no_mail'

/** Longer than the function's timeout: a claim older than this belongs to a run that died. */
const CLAIM_MS = 5 * MINUTE_MS

/**
 * Sends the mail about a fact, once per event id: claim, send, mark. While another run holds the claim it throws, so
 * that the bus delivers again; a run that died between sending and marking is the one case of a second mail.
 */
export async function sendMail(ports: MailerPorts, fact: Fact, now: Instant): Promise<MailOutcome> {
  const mail = composeMail(fact.type, fact.data, ports.portalUrl)
  if (!mail) return 'no_mail'
  const account = await ports.accounts.get(mail.accountId)
  if (!account) throw new Error(`${fact.type} ${fact.id} is about an account that the portal does not know`)
  if (!(await claim(ports.table, fact.id, now))) return 'already_sent'
  await ports.send(account.email, mail.subject, mail.text)
  await ports.table.put({ ...mailKey(fact.id), state: 'sent', at: now })
  return 'sent'
}

/** True when this run may send, false when the mail is out; throws while another run is at it. */
async function claim(table: Table, eventId: string, now: Instant): Promise<boolean> {
  const item = { ...mailKey(eventId), state: 'claimed', at: now }
  if (await table.put(item, isNew)) return true
  const before = await table.get(mailKey(eventId))
  if (before?.state === 'sent') return false
  const expired = [
    { path: 'state', equals: 'claimed' },
    { path: 'at', lessThan: plusMs(now, -CLAIM_MS) },
  ] as const
  if (await table.put(item, expired)) return true
  throw new Error(`The mail about ${eventId} is being sent by another run`)
}

const mailKey = (eventId: string) => ({ pk: `mail#${eventId}`, sk: 'mail' })
