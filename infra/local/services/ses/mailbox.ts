import type { Clock, LocalTime } from '../../contract.ts'

export type Mail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
}

export type ReceivedMail = Mail & {
  /** The six-digit code in the text, where there is one. */
  readonly code?: string
  readonly sentAt: LocalTime
}

export type Mailbox = {
  deliver(mail: Mail): void
  /** Newest first. */
  list(): readonly ReceivedMail[]
}

/** More than a day of anybody's trying out; the oldest mail goes first. */
const MAX_MAILS = 1_000

/** The one mailbox of the local cloud: whatever is sent to anybody lands here. */
export function createMailbox(clock: Clock): Mailbox {
  const mails: ReceivedMail[] = []
  return {
    deliver(mail) {
      const code = /(?<!\d)\d{6}(?!\d)/.exec(mail.text)?.[0]
      mails.unshift({ ...mail, ...(code ? { code } : {}), sentAt: clock.now() })
      mails.length = Math.min(mails.length, MAX_MAILS)
    },
    list: () => mails,
  }
}

/** A readable text of a mail that has only HTML. */
export function textOfHtml(html: string): string {
  const blocks = html
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, '')
    .replace(/<(?:br|\/p|\/div|\/tr|\/h[1-6]|\/li)[^>]*>/gi, '\n')
  const text = blocks
    .replace(/<[^>]+>/g, '')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name) => ENTITIES[name] ?? '')
  return text
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
}
