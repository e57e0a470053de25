const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

let lastSecond = Number.NaN
let lastText = ''

/** Common log format, as `$context.requestTime`: `22/Nov/2026:15:03:33 +0000`. A second is formatted once. */
export function commonLogTime(time: number): string {
  const second = Math.floor(time / 1000)
  if (second === lastSecond) return lastText
  const iso = new Date(time).toISOString()
  const month = MONTHS[Number(iso.slice(5, 7)) - 1]
  lastSecond = second
  lastText = `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
  return lastText
}
