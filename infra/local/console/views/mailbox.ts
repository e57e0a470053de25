import { html } from '../html.ts'
import { card, empty, entry, heading, linked, newest, plural, unfolding } from '../page/parts.ts'
import { isoTime, when } from '../page/time.ts'
import type { ConsoleMail } from '../sources.ts'
import { defineView } from './view.ts'

const SHOWN = 100

export type MailView = Omit<ConsoleMail, 'sentAt'> & { readonly sentAt: string }

export const mailbox = defineView({
  path: '/mailbox',
  read: sources => sources.mailbox().map(toMailView),
  title: () => 'Mailbox',
  page: (mails, { now, sources }) => html`
${heading('Mailbox', 'Every mail that the product sent, to whomever. None leaves this machine.')}
${card(plural(mails.length, 'mail'), mails.length === 0 ? noMail(sources.links) : mailList(mails.slice(0, SHOWN), now))}
${newest(SHOWN, mails.length)}`,
})

export const toMailView = (mail: ConsoleMail): MailView => ({ ...mail, sentAt: isoTime(mail.sentAt) })

export const mailList = (mails: readonly MailView[], now: number) =>
  unfolding(
    mails.map(mail =>
      entry(
        `mail-${mail.sentAt}-${mail.to}-${mail.subject}`,
        html`<span class="grow"><strong>${mail.subject}</strong> <span class="fine">to ${mail.to}</span></span>${mail.code && html`<code class="chip">${mail.code}</code>`}<span class="fine at">${when(mail.sentAt, now)}</span>`,
        html`<div class="letter">${linked(mail.text)}</div>`,
      ),
    ),
  )

export function noMail(links: readonly { url: string; role?: string }[]) {
  const portal = links.find(one => one.role === 'portal')
  return empty(
    'No mail yet',
    portal
      ? html`Sign up at <a href="${portal.url}/signup">${portal.url}/signup</a> and the code arrives here.`
      : 'Codes, alerts and receipts arrive here.',
  )
}
