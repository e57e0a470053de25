import { html } from '../html.ts'
import { badge, card, empty, heading, newest, plural, table } from '../page/parts.ts'
import { isoTime, when } from '../page/time.ts'
import type { ConsoleJournalEntry } from '../sources.ts'
import { defineView } from './view.ts'

const SHOWN = 200

export type JournalView = Omit<ConsoleJournalEntry, 'at'> & { readonly at: string }

export const journal = defineView({
  path: '/journal',
  read: sources => sources.journal().map(entry => ({ ...entry, at: isoTime(entry.at) })),
  title: () => 'Journal',
  page: (all, { now }) => html`
${heading('Journal', 'Notable things: refused calls, struck faults, webhooks, retries, what the local cloud left out.')}
${card(plural(all.length, 'entry', 'entries'), all.length === 0 ? empty('Nothing notable yet', 'Refused calls, faults and retries are written here.') : journalTable(all.slice(0, SHOWN), now))}
${newest(SHOWN, all.length)}`,
})

export const journalTable = (rows: readonly JournalView[], now: number) =>
  table(
    'Journal',
    rows.map((entry, index) => ({ ...entry, index })),
    [
      {
        title: 'What',
        isText: true,
        cell: entry =>
          html`${entry.summary}${entry.detail !== undefined && html` <span class="fine">${detailText(entry.detail)}</span>`}`,
      },
      { title: 'Source', cell: entry => badge(entry.source) },
      { title: 'When', cell: entry => when(entry.at, now) },
    ],
    entry => `journal-${entry.index}`,
  )

const detailText = (detail: unknown): string =>
  shortened(typeof detail === 'string' ? detail : (JSON.stringify(detail) ?? ''))

const LONGEST_DETAIL = 240

const shortened = (text: string): string =>
  text.length > LONGEST_DETAIL ? `${text.slice(0, LONGEST_DETAIL)}…` : text
