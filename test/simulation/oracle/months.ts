/** The end of the n-th monthly period (n from 1) that was begun at `anchor`, both in milliseconds, in UTC. */
export function periodEnd(anchor: number, n: number): number {
  const from = new Date(anchor)
  const [year, month, day] = [from.getUTCFullYear(), from.getUTCMonth() + n, from.getUTCDate()]
  const firstOfNext = new Date(Date.UTC(year, month + 1, 1))
  const lastDay = new Date(firstOfNext.getTime() - 86_400_000).getUTCDate()
  return Date.UTC(year, month, Math.min(day, lastDay)) + (anchor % 86_400_000)
}

export function monthStart(at: number): number {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}
