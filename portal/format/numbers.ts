const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** `25,000`. */
export const formatCount = (value: number): string => grouped.format(value)

/** `25,000 checks`, `1 check`. */
export const formatUnits = (count: number, unit: string): string =>
  `${formatCount(count)} ${count === 1 ? unit : `${unit}s`}`

/** `Check` for `check`. */
export const capitalize = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`

/** `4.2 %`, `0 %`, `< 0.1 %`: one place, never a zero for something. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %'
  const percent = (part / whole) * 100
  return percent < 0.1 ? '< 0.1 %' : `${percent >= 99.95 && part < whole ? '> 99.9' : percent.toFixed(1)} %`
}

/** Short labels of an axis: `800`, `2.5k`, `1M`. */
export function formatAxis(value: number): string {
  if (value >= 1_000_000) return `${Number((value / 1_000_000).toFixed(2))}M`
  if (value >= 1_000) return `${Number((value / 1_000).toFixed(2))}k`
  return String(value)
}
