import { html } from '../html.ts'
import { badge, card, code, empty, entry, heading, plural, unfolding } from '../page/parts.ts'
import { when } from '../page/time.ts'
import { defineView } from './view.ts'

export const events = defineView({
  path: '/events',
  read: sources => sources.recentEvents(),
  title: () => 'Events',
  page: (all, { now }) => html`
${heading('Events', 'Facts on the event buses, and the rules that took them.')}
${card(
  plural(all.length, 'event'),
  all.length === 0
    ? empty('No events yet', 'What the services publish appears here with the rules it matched.')
    : unfolding(
        all.map(({ event, busName, rules }) =>
          entry(
            `event-${event.id}`,
            html`<span class="grow"><strong>${event['detail-type']}</strong> <span class="fine">${event.source} on ${busName}</span></span>${rules.length === 0 ? badge('no rule', 'warn') : badge(plural(rules.length, 'rule'))}<span class="fine at">${when(event.time, now)}</span>`,
            html`<p class="fine">${rules.length === 0 ? 'Nobody listens to this.' : html`Taken by ${rules.join(', ')}.`}</p>${code(event.detail, 'Detail')}`,
          ),
        ),
      ),
)}`,
})
