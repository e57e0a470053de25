import type { Pages } from '../../http/ports.ts'

export const limitPages: Pages = () => {}
