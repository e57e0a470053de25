import { html } from '../html.ts'
import { card, empty, heading, plural, table } from '../page/parts.ts'
import { defineView } from './view.ts'

export const grants = defineView({
  path: '/grants',
  read: sources => sources.unusedGrants(),
  title: () => 'Unused grants',
  page: all => html`
${heading('Unused grants', 'What the templates allow and nothing has needed since the start. The longer the product was used, the more it says.')}
${card(
  plural(all.length, 'grant'),
  all.length === 0
    ? empty('Every grant was used', 'Nothing is allowed that nothing needs.')
    : table(
        'Unused grants',
        all.map((grant, index) => ({ ...grant, index })),
        [
          {
            title: 'Holder',
            cell: grant => html`<span title="${grant.holder}">${grant.holder.split(/[:/]/).at(-1)}</span>`,
          },
          { title: 'Actions', isText: true, cell: grant => grant.actions.join(', ') },
          {
            title: 'Resources',
            isText: true,
            cell: grant => html`<span class="fine">${grant.resources.join(', ')}</span>`,
          },
        ],
        grant => `grant-${grant.index}`,
      ),
)}`,
})
