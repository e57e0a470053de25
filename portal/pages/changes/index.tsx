import type { Pages } from '../../http/ports.ts'

export const changePages: Pages = () => {}
