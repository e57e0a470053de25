import type { Pages } from '../../http/ports.ts'
import { keyCapPages } from './key-cap.tsx'
import { limitsPage } from './limits.tsx'
import { reconciliationPages } from './reconciliation.tsx'
import { usageCsv } from './usage-csv.ts'

export const limitPages: Pages = (app, ports) => {
  limitsPage(app, ports)
  keyCapPages(app, ports)
  usageCsv(app, ports)
  reconciliationPages(app, ports)
}
