/** What was measured: a name, and the figure with its unit. */
export type Figure = readonly [name: string, figure: string]
export type Note = (name: string, figure: string) => void

/** Runs work and notes how long it took. */
export async function timed<T>(note: Note, name: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const value = await work()
  note(name, seconds(performance.now() - startedAt))
  return value
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`

/** `1,234,567`. */
export const grouped = (count: number): string => Math.round(count).toLocaleString('en-US')

export const perSecond = (count: number, ms: number, of: string): string =>
  `${grouped((count / ms) * 1_000)} ${of}/s`

export const megabytes = (bytes: number): string => `${grouped(bytes / 2 ** 20)} MiB`

/** The most memory that this process ever held. */
export const peakRss = (): string => megabytes(process.resourceUsage().maxRSS * 1_024)

/** Smallest, middle and largest of what was measured. */
export function spread(values: readonly number[]): { min: number; median: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
  return { min: at(0), median: at(0.5), max: at(1) }
}

/** The value below which a share of the measured ones lie. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN

export function printFigures(title: string, figures: readonly Figure[]): void {
  const width = Math.max(0, ...figures.map(([name]) => name.length))
  console.log(`\n${title}`)
  for (const [name, figure] of figures) console.log(`  ${name.padEnd(width)}  ${figure}`)
}
