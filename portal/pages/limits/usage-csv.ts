import { asCustomer } from '../../http/call.ts'
import { failedPage } from '../../http/outcome-pages.tsx'
import { type Pages, signedIn } from '../../http/ports.ts'
import { askedUsage, readUsageQuery } from '../usage-query.ts'

/** The usage that the page shows, as a file: one line an hour or a day. */
export const usageCsv: Pages = (app, ports) => {
  app.get('/usage/export.csv', async c => {
    const user = signedIn(c)
    const query = readUsageQuery(c)
    const call = asCustomer(c, ports, user)
    const usage = await ports.billing.getUsage(askedUsage(query, user.accountId, call.now), call)
    if (!usage.ok) return failedPage(c, 'Usage', usage)
    const { hours, days } = usage.value
    const rows =
      query.by === 'hour'
        ? [
            ['hour_utc', 'calls', 'failed', 'units'],
            ...hours.map(row => [row.hour, row.calls, row.failed, row.units]),
          ]
        : [
            ['day_utc', 'calls', 'failed', 'units', 'cost_minor'],
            ...days.map(row => [row.day, row.calls, row.failed, row.units, row.costMinor ?? '']),
          ]
    return c.body(`${rows.map(row => row.join(',')).join('\r\n')}\r\n`, 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="usage-by-${query.by}.csv"`,
    })
  })
}
