import type { Pages } from '../../http/ports.ts'

export const planAdminPages: Pages = () => {}
