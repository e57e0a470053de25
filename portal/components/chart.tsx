import { formatAxis } from '../format/numbers.ts'

/** One bar: what stands at the axis, in full for tooltips, and the stacked values from the bottom up. */
export type Bar = {
  readonly label: string
  readonly description: string
  readonly value: number
  /** Part of `value` that is drawn in the colour of failures, on top. */
  readonly failed?: number
}

const PLOT_HEIGHT = 200
const TOP = 12
const BOTTOM = 26
const HEIGHT = TOP + PLOT_HEIGHT + BOTTOM
const AXIS_WIDTH = 40
/** Labels of the x axis that fit into 300 px. */
const LABELS_MAX = 6
/** A bar that stands for something is never invisible. */
const BAR_MIN_PX = 2

/**
 * Bars as server-rendered SVG. Widths are percentages and heights pixels, so that text keeps its size from 360 to
 * 1600 px without a script. The numbers stand in a table beside it; the picture itself has one name for screen readers.
 */
export function Chart({ name, bars }: { name: string; bars: readonly Bar[] }) {
  const ticks = ticksFor(Math.max(0, ...bars.map(bar => bar.value)))
  const top = ticks.at(-1) ?? 1
  const y = (value: number): number => TOP + PLOT_HEIGHT * (1 - value / top)
  const step = Math.max(1, Math.ceil(bars.length / LABELS_MAX))
  return (
    <div class="chart">
      <svg width={AXIS_WIDTH} height={HEIGHT} aria-hidden="true">
        {ticks.map(tick => (
          <text x={AXIS_WIDTH} y={y(tick) + 4} text-anchor="end">
            {formatAxis(tick)}
          </text>
        ))}
      </svg>
      <svg width="100%" height={HEIGHT} role="img" aria-label={name}>
        {ticks.map(tick => (
          <line class={tick === 0 ? 'base' : 'grid'} x1="0" x2="100%" y1={y(tick)} y2={y(tick)} />
        ))}
        {bars.map((bar, i) => (
          <Column bar={bar} index={i} count={bars.length} y={y} labelled={i % step === 0} />
        ))}
      </svg>
    </div>
  )
}

type ColumnProps = {
  readonly bar: Bar
  readonly index: number
  readonly count: number
  readonly y: (value: number) => number
  readonly labelled: boolean
}

function Column({ bar, index, count, y, labelled }: ColumnProps) {
  const slot = 100 / count
  const percent = (share: number): string => `${((index + share) * slot).toFixed(3)}%`
  const width = `${(slot * 0.72).toFixed(3)}%`
  const failed = bar.failed ?? 0
  const [from, middle, to] = [y(0), y(bar.value - failed), y(bar.value)]
  const height = (lower: number, upper: number) => Math.max(BAR_MIN_PX, lower - upper)
  return (
    <g>
      <title>{bar.description}</title>
      <rect class="slot" x={percent(0)} width={`${slot.toFixed(3)}%`} y={TOP} height={PLOT_HEIGHT} />
      {bar.value > failed && (
        <rect
          class="bar-unit"
          x={percent(0.14)}
          width={width}
          y={from - height(from, middle)}
          height={height(from, middle)}
        />
      )}
      {failed > 0 && (
        <rect
          class="bar-failed"
          x={percent(0.14)}
          width={width}
          y={middle - height(middle, to)}
          height={height(middle, to)}
        />
      )}
      {labelled && (
        <text x={percent(0.5)} y={HEIGHT - 8} text-anchor="middle">
          {bar.label}
        </text>
      )}
    </g>
  )
}

/** From zero in even, round steps to at least the greatest value; whole numbers only. */
export function ticksFor(greatest: number): number[] {
  const raw = Math.max(1, greatest) / 4
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map(factor => factor * power).find(s => s >= raw) ?? raw)
  const whole = Math.ceil(step)
  const count = Math.max(1, Math.ceil(greatest / whole))
  return Array.from({ length: count + 1 }, (_, i) => i * whole)
}
