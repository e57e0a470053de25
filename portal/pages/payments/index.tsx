import type { Pages } from '../../http/ports.ts'
import { accountPage } from './account.tsx'
import { accountsPage } from './accounts.tsx'
import { actionPages } from './action-pages.tsx'

export const paymentPages: Pages = (app, ports) => {
  accountsPage(app, ports)
  accountPage(app, ports)
  actionPages(app, ports)
}
