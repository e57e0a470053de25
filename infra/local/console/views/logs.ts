import { type Html, html } from '../html.ts'
import { card, empty, heading, plural, table } from '../page/parts.ts'
import { isoTime, plainTime, when } from '../page/time.ts'
import type { ConsoleLogGroup } from '../sources.ts'
import { defineView } from './view.ts'

const LINES = 500

type GroupView = Omit<ConsoleLogGroup, 'lastEventAt'> & { readonly lastEventAt?: string }
type LineView = { readonly group: string; readonly timestamp: string; readonly message: string }
/** `lines` where a group or a request was asked for. */
type LogsView = { readonly groups: readonly GroupView[]; readonly lines?: readonly LineView[] }

export const logs = defineView<LogsView>({
  path: '/logs',
  read: (sources, { query }) => {
    const group = query.get('group') || undefined
    const requestId = query.get('requestId') || undefined
    const groups = sources.logs.groups().map(({ lastEventAt, ...one }) => ({
      ...one,
      ...(lastEventAt === undefined ? {} : { lastEventAt: isoTime(lastEventAt) }),
    }))
    if (group === undefined && requestId === undefined) return { groups }
    if (group !== undefined && !groups.some(one => one.name === group)) return undefined
    const lines = sources.logs.lines({
      limit: LINES,
      ...(group === undefined ? {} : { group }),
      ...(requestId === undefined ? {} : { requestId }),
    })
    return { groups, lines: lines.map(line => ({ ...line, timestamp: isoTime(line.timestamp) })) }
  },
  title: (_, { query }) => query.get('group') || 'Logs',
  page: ({ groups, lines }, { now, query }) => {
    const group = query.get('group') || undefined
    const requestId = query.get('requestId') || undefined
    return html`
${lines && html`<p class="crumb"><a href="/logs">Logs</a></p>`}
${heading(group ?? 'Logs', group ? undefined : 'CloudWatch log groups, as the functions and the gateway write them.')}
<form class="inline" method="get" action="/logs">${group && html`<input type="hidden" name="group" value="${group}">`}<label class="grow">Lines of a request<input name="requestId" value="${requestId}" placeholder="request id" autocomplete="off"></label><button>Show</button></form>
${lines ? linesCard(lines, group === undefined) : groupsCard(groups, now)}`
  },
})

const groupsCard = (groups: readonly GroupView[], now: number): Html =>
  card(
    plural(groups.length, 'log group'),
    groups.length === 0
      ? empty('No log groups', 'The first function that runs makes one.')
      : table(
          'Log groups',
          groups,
          [
            {
              title: 'Group',
              cell: one => html`<a href="/logs?group=${encodeURIComponent(one.name)}">${one.name}</a>`,
            },
            {
              title: 'Last line',
              cell: one =>
                one.lastEventAt ? when(one.lastEventAt, now) : html`<span class="muted">none yet</span>`,
            },
            { title: 'Lines', cell: one => one.lines.toLocaleString('en-US'), isNumber: true },
            { title: 'Kept', cell: one => bytesText(one.storedBytes), isNumber: true },
          ],
          one => `group-${one.name}`,
        ),
  )

const linesCard = (lines: readonly LineView[], withGroup: boolean): Html =>
  card(
    lines.length === LINES ? `The newest ${LINES} lines` : plural(lines.length, 'line'),
    lines.length === 0
      ? empty('No lines', 'Nothing has been written that matches.')
      : html`<pre class="lines" tabindex="0" role="region" aria-label="Log lines">${lines.map(
          line =>
            html`<span class="muted">${plainTime(Date.parse(line.timestamp))}${withGroup && ` ${line.group}`}</span> ${line.message.trimEnd()}\n`,
        )}</pre>`,
  )

const bytesText = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`
}
