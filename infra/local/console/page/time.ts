import { type Html, html } from '../html.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const isoTime = (at: number): string => new Date(at).toISOString()

/** `2026-03-01 09:00:05`, UTC. */
export const plainTime = (at: number): string => isoTime(at).slice(0, 19).replace('T', ' ')

/** `09:00:05`, UTC. */
export const clockTime = (at: number): string => isoTime(at).slice(11, 19)

/** `5 min ago`, `in 3 d`. */
export function relativeTime(at: number, now: number): string {
  const distance = Math.abs(at - now)
  if (distance < 2 * SECOND) return 'now'
  const text = lengthOf(distance)
  return at > now ? `in ${text}` : `${text} ago`
}

const lengthOf = (ms: number): string => {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`
  return `${Math.floor(ms / DAY)} d`
}

/** `1.2 s`, `340 ms`, `3 d 4 h`. */
export function durationText(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${Math.round((ms % MINUTE) / SECOND)} s`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`
}

/** A time with how long ago it is; `at` as epoch milliseconds or ISO text. */
export function when(at: number | string, now: number): Html {
  const instant = typeof at === 'number' ? at : Date.parse(at)
  if (Number.isNaN(instant)) return html`${at}`
  return html`<time datetime="${isoTime(instant)}">${plainTime(instant)} <span class="ago" data-ago="${instant}">${relativeTime(instant, now)}</span></time>`
}
