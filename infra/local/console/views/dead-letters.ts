import { type Html, html } from '../html.ts'
import { card, code, empty, entry, heading, link, plural, unfolding } from '../page/parts.ts'
import { isoTime, when } from '../page/time.ts'
import { defineView } from './view.ts'

export const deadLetters = defineView({
  path: '/dead-letters',
  read: sources => sources.deadLetters().map(letter => ({ ...letter, sentAt: isoTime(letter.sentAt) })),
  title: () => 'Dead letters',
  page: (letters, { now, here }) => html`
${heading('Dead letters', 'What failed for good: events and batches whose retries are used up.')}
${card(
  plural(letters.length, 'dead letter'),
  letters.length === 0
    ? empty(
        'Nothing has failed for good',
        html`To see one, set a <a href="/faults">fault switch</a> that makes a function fail every time.`,
      )
    : unfolding(
        letters.map(letter =>
          entry(
            `letter-${letter.id}`,
            html`<span class="grow"><strong>${letter.queue}</strong> <span class="fine">${letter.attributes.ERROR_CODE ?? letter.attributes.ErrorCode ?? ''}</span></span><span class="fine at">${when(letter.sentAt, now)}</span>`,
            html`${redriveForm(letter, here)}
${Object.keys(letter.attributes).length > 0 && code(letter.attributes, 'Attributes')}${code(letter.body, 'Body')}`,
          ),
        ),
      ),
)}`,
})

const redriveForm = ({ queue, id, origin }: ConsoleDeadLetterView, here: string): Html =>
  origin === undefined
    ? html`<p class="fine">It does not say where it came from, so it cannot be redriven.</p>`
    : html`<form class="row" method="post" action="${link('/dead-letters', queue, id)}/redrive"><input type="hidden" name="back" value="${here}"><button class="small">Redrive</button> <span class="fine">to ${origin}</span></form>`

type ConsoleDeadLetterView = { readonly queue: string; readonly id: string; readonly origin?: string }
