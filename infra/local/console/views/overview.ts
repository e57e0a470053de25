import { type Html, html } from '../html.ts'
import { card, plural } from '../page/parts.ts'
import { isoTime } from '../page/time.ts'
import type { ConsoleSources } from '../sources.ts'
import { executionTable } from './executions.ts'
import { journalTable } from './journal.ts'
import { mailList, noMail, toMailView } from './mailbox.ts'
import { defineView } from './view.ts'

const SHOWN = 5

export const overview = defineView({
  path: '/',
  read: sources => ({
    now: isoTime(sources.clock.now()),
    links: sources.links,
    counts: countsOf(sources),
    mails: sources.mailbox().slice(0, SHOWN).map(toMailView),
    executions: sources.executions().slice(0, SHOWN),
    journal: sources
      .journal()
      .slice(0, SHOWN)
      .map(entry => ({ ...entry, at: isoTime(entry.at) })),
  }),
  title: () => 'Overview',
  page: ({ links, counts, mails, executions, journal }, { now, sources }) => html`
<h1 class="hidden">Overview</h1>
<ul class="tiles places">${links.map(place => html`<li><a class="tile" href="${place.url}"><span class="fine">${place.label}</span><span class="address">${place.url.replace(/^https?:\/\//, '')}</span></a></li>`)}</ul>
<ul class="tiles">
${tile('/mailbox', 'Mails', counts.mails)}
${tile('/executions', 'Executions running', counts.executionsRunning)}
${tile('/functions', 'Failed invocations', counts.failedInvocations, counts.failedInvocations > 0)}
${tile('/dead-letters', 'Dead letters', counts.deadLetters, counts.deadLetters > 0)}
${tile('/faults', 'Fault switches', counts.faults, counts.faults > 0)}
</ul>
${card('Newest mails', mails.length === 0 ? noMail(sources.links) : mailList(mails, now), all('/mailbox', counts.mails, 'mail'))}
${executions.length > 0 && card('Newest executions', executionTable(executions, now), all('/executions', counts.executions, 'execution'))}
${journal.length > 0 && card('Newest in the journal', journalTable(journal, now), html`<a href="/journal">All</a>`)}`,
})

const tile = (path: string, label: string, count: number, isBad = false): Html =>
  html`<li><a class="tile" href="${path}"><span class="fine">${label}</span><span class="figure ${isBad && 'bad'}">${count.toLocaleString('en-US')}</span></a></li>`

const all = (path: string, count: number, noun: string): Html =>
  html`<a href="${path}">${count > SHOWN ? `All ${plural(count, noun)}` : 'Open'}</a>`

export function countsOf(sources: ConsoleSources) {
  const executions = sources.executions()
  return {
    mails: sources.mailbox().length,
    executions: executions.length,
    executionsRunning: executions.filter(one => one.status === 'RUNNING').length,
    failedInvocations: sources
      .functions()
      .reduce((sum, fn) => sum + fn.invocations.filter(one => one.failed).length, 0),
    deadLetters: sources.deadLetters().length,
    faults: sources.faults.list().length,
  }
}
