import { type Html, html } from '../html.ts'
import { badge, card, empty, heading, link, plural, table } from '../page/parts.ts'
import type { ConsoleFault } from '../sources.ts'
import { defineView } from './view.ts'

export const faults = defineView({
  path: '/faults',
  read: sources => sources.faults.list(),
  title: () => 'Fault switches',
  page: (all, { here }) => html`
${heading('Fault switches', 'Let calls and deliveries fail, come late, twice, or not at all. Switches are forgotten at a restart.')}
${card(
  plural(all.length, 'switch', 'switches'),
  all.length === 0
    ? empty('Nothing is switched on', 'Every call and every delivery goes through undisturbed.')
    : switchTable(all, here),
  all.length > 1
    ? html`<form method="post" action="/faults/clear"><input type="hidden" name="back" value="${here}"><button class="small danger">Remove all</button></form>`
    : undefined,
)}
${card('Set a switch', setForm(here))}`,
})

const switchTable = (all: readonly ConsoleFault[], here: string): Html =>
  table(
    'Fault switches',
    all,
    [
      {
        title: 'Where',
        cell: one =>
          html`${one.service} <strong>${one.operation}</strong>${one.resource && html` <span class="fine">${one.resource}</span>`}`,
      },
      {
        title: 'What',
        cell: one =>
          html`${badge(one.effect.kind, 'warn')} <span class="fine">${effectText(one.effect)}</span>`,
      },
      { title: 'Which', cell: one => whichText(one) },
      { title: 'Seen', cell: one => String(one.seen), isNumber: true },
      { title: 'Struck', cell: one => String(one.struck), isNumber: true },
      {
        title: 'Action',
        cell: one =>
          html`<form method="post" action="${link('/faults', one.id)}/remove"><input type="hidden" name="back" value="${here}"><button class="small" aria-label="Remove the switch on ${one.service} ${one.operation}">Remove</button></form>`,
        isNumber: true,
      },
    ],
    one => one.id,
  )

const effectText = ({ kind: _, ...rest }: ConsoleFault['effect']): string =>
  Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      name === 'ms' ? `${value} ms` : name === 'when' ? `${value} the effect` : String(value),
    )
    .join(', ')

function whichText({ nth = 1, times = 1 }: ConsoleFault): string {
  if (times === 0) return nth === 1 ? 'every one' : `from number ${nth} on`
  return times === 1 ? `number ${nth}` : `numbers ${nth} to ${nth + times - 1}`
}

const EFFECTS = [
  ['fail', 'fail: an error answer'],
  ['cut', 'cut: no answer (calls)'],
  ['stop', 'stop: end the calling function (calls)'],
  ['delay', 'delay'],
  ['duplicate', 'duplicate'],
  ['drop', 'drop (deliveries)'],
  ['reorder', 'reorder (deliveries)'],
] as const

const SERVICES = [
  'apigateway',
  'cognito-idp',
  'dynamodb',
  'events',
  'lambda',
  'logs',
  'scheduler',
  'secretsmanager',
  'ses',
  'sqs',
  'states',
  'stripe',
]

const setForm = (
  here: string,
): Html => html`<form class="form" method="post" action="/faults"><input type="hidden" name="back" value="${here}">
${field('service', 'Service', html`list="services" placeholder="dynamodb" required`)}
${field('operation', 'Operation', html`placeholder="PutItem, Invoke, Webhook, *" required`)}
${field('resource', 'Resource', html`placeholder="any"`, 'A function, a log group, an event type. * stands for any text.')}
<div class="field"><label for="kind">Effect</label><select id="kind" name="kind">${EFFECTS.map(([kind, label]) => html`<option value="${kind}">${label}</option>`)}</select></div>
<div class="field"><label for="moment">When</label><select id="moment" name="when"><option value="">as usual</option><option value="before">before the effect</option><option value="after">after the effect</option></select></div>
${field('nth', 'First to strike', html`type="number" min="1" placeholder="1"`)}
${field('times', 'How many', html`type="number" min="0" placeholder="1"`, '0 for all that follow.')}
${field('ms', 'Delay in ms', html`type="number" min="1" placeholder="for delay"`)}
${field('code', 'Error code', html`placeholder="ServiceUnavailable"`)}
${field('status', 'HTTP status', html`type="number" min="400" max="599" placeholder="503"`)}
<datalist id="services">${SERVICES.map(name => html`<option value="${name}"></option>`)}</datalist>
<p class="actions"><button class="primary">Set the switch</button></p></form>`

const field = (name: string, label: string, attributes: Html, hint?: string): Html =>
  html`<div class="field"><label for="fault-${name}">${label}</label><input id="fault-${name}" name="${name}" ${attributes}${hint && html` aria-describedby="hint-${name}"`} autocomplete="off">${hint && html`<p class="fine" id="hint-${name}">${hint}</p>`}</div>`
