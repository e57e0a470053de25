/** `auto` follows the system. */
export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export const parseTheme = (value: unknown): Theme => THEMES.find(theme => theme === value) ?? 'auto'
