import type { Clock } from '../../contract.ts'
import type { ReceivedMail, SesState } from './state.ts'

export type Mail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
}

export type Mailbox = {
  deliver(mail: Mail): void
  /** Newest first. */
  list(): readonly ReceivedMail[]
}

/** More than a day of anybody's trying out; the oldest mail goes first. */
const MAX_MAILS = 1_000

/** The one mailbox of the local cloud: whatever is sent to anybody lands here. */
export function createMailbox(clock: Clock, state: SesState): Mailbox {
  return {
    deliver(mail) {
      const code = /(?<!\d)\d{6}(?!\d)/.exec(mail.text)?.[0]
      state.mails.unshift({ ...mail, ...(code ? { code } : {}), sentAt: clock.now() })
      state.mails.length = Math.min(state.mails.length, MAX_MAILS)
    },
    list: () => state.mails,
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
