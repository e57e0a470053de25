import { fieldsOf } from '../actions/action.ts'
import type { ReadBody } from '../actions/read-body.ts'
import type { Answer } from '../answer.ts'

/** `auto` follows the system. */
export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** Cookies know no ports: the name must not be one of the portal's. */
const COOKIE = 'console-theme'
const YEAR_SECONDS = 31_536_000

const themeOf = (value: unknown): Theme => THEMES.find(theme => theme === value) ?? 'auto'

export const parseTheme = (cookies: string): Theme =>
  themeOf(new RegExp(`(?:^|; )${COOKIE}=(\\w+)`).exec(cookies)?.[1])

export const rememberTheme = ({ body, back }: ReadBody): Answer => ({
  status: 303,
  headers: {
    location: back,
    'set-cookie': `${COOKIE}=${themeOf(fieldsOf(body).theme)}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Strict; HttpOnly`,
  },
  body: '',
})
