import type { Pages } from '../../http/ports.ts'
import { archivePages } from './archive.tsx'
import { draftPages } from './edit-draft.tsx'
import { migratePages } from './migrate.tsx'
import { reviewPages } from './review.tsx'

/** Everything that an admin does with plans, beside the list of `/admin/plans`. */
export const planAdminPages: Pages = (app, ports) => {
  draftPages(app, ports)
  reviewPages(app, ports)
  archivePages(app, ports)
  migratePages(app, ports)
}
