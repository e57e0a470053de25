import { html } from '../html.ts'
import { facts, heading } from '../page/parts.ts'
import { durationText, isoTime, when } from '../page/time.ts'
import { periodEnds } from '../period-ends.ts'
import { defineView } from './view.ts'

export const clock = defineView({
  path: '/clock',
  read: sources => {
    const { now, mode, offsetMs, nextDue } = sources.clock
    const due = nextDue()
    const { month, period } = periodEnds(sources)
    return {
      now: isoTime(now()),
      mode,
      offsetMs: offsetMs(),
      endOfMonth: isoTime(month),
      ...(period === undefined ? {} : { endOfPeriod: isoTime(period) }),
      ...(due && { nextDue: { label: due.label, dueAt: isoTime(due.dueAt) } }),
    }
  },
  title: () => 'Clock',
  page: (data, { now }) => html`
${heading('Clock', 'Everything that stamps or compares times reads this one clock. Moving it runs all that falls due on the way.')}
<section class="card">${facts([
    ['Local time', when(data.now, now)],
    ['Mode', data.mode],
    ['Ahead of this computer', durationText(Math.max(0, data.offsetMs))],
    ['Next due', data.nextDue && html`${data.nextDue.label}, ${when(data.nextDue.dueAt, now)}`],
    ['End of the month', when(data.endOfMonth, now)],
    ['End of the next subscription period', data.endOfPeriod && when(data.endOfPeriod, now)],
  ])}</section>`,
})
