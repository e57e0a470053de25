import type { Slot } from './arrange.ts'
import type { Edge } from './layer.ts'
import type { Box, Line } from './picture.ts'

/** What lines are drawn between: rows of slots with their upper edges, and the boxes of the states. */
export type Frame = {
  readonly rows: readonly (readonly Slot[])[]
  readonly tops: readonly number[]
  readonly boxes: ReadonlyMap<string, Box>
  readonly boxHeight: number
}

type Ports = (side: 'from' | 'to', state: Slot, near: Slot | undefined, width: number) => number

const CORNER = 8
const LANE_DISTANCE = 26
const LANE_STEP = 14
/** Where the arrow's tip ends above its state. */
const TIP = 3
/** How far below or above a state a line turns that cannot leave or enter by the side. */
const TURN = 14
/** Where along its first bend a line carries its label. */
const LABEL_AT = 0.55

/** A line down through its slots, with the place of its label. */
export function forwardLine(
  frame: Frame,
  chain: readonly Slot[],
  ports: Ports,
): { path: string; labelX: number; labelY: number } {
  const first = chain[0]
  const last = chain.at(-1)
  const from = frame.boxes.get(first?.id ?? '')
  const to = frame.boxes.get(last?.id ?? '')
  if (!first || !last || !from || !to) return { path: '', labelX: 0, labelY: 0 }
  let x = first.x + ports('from', first, chain[1], from.width)
  let y = from.y + from.height
  let path = `M${at(x, y)}`
  let label: { labelX: number; labelY: number } | undefined
  chain.slice(1).forEach((slot, i) => {
    const row = frame.rows.findIndex(slots => slots.includes(slot))
    const top = frame.tops[row] ?? 0
    const isEnd = slot === last
    const nextX = isEnd ? slot.x + ports('to', slot, chain[i], to.width) : slot.x
    const nextY = isEnd ? top - TIP : top
    const middle = (y + nextY) / 2
    path += `C${at(x, middle)} ${at(nextX, middle)} ${at(nextX, nextY)}`
    label ??= { labelX: x + (nextX - x) * ease(LABEL_AT), labelY: y + (nextY - y) * rise(LABEL_AT) }
    x = nextX
    y = nextY
    if (isEnd) return
    y = top + frame.boxHeight
    path += `L${at(x, y)}`
  })
  return { path, labelX: label?.labelX ?? x, labelY: label?.labelY ?? y }
}

/** x and y of the bend at `t`. */
const ease = (t: number): number => 3 * t ** 2 - 2 * t ** 3
const rise = (t: number): number => 1.5 * t * (1 - t) ** 2 + 1.5 * t ** 2 * (1 - t) + t ** 3

/** Loops run up on the left, the shortest nearest. */
export function loopLanes(frame: Frame, edges: readonly Edge[]): Line[] {
  const loops = edges
    .filter(edge => edge.kind === 'back')
    .flatMap(edge => {
      const from = frame.boxes.get(edge.from)
      const to = frame.boxes.get(edge.to)
      return from && to ? [{ edge, from, to }] : []
    })
    .sort((a, b) => a.from.y - a.to.y - (b.from.y - b.to.y))
  return loops.map(({ edge, from, to }, index) => {
    const edgeOfAll = Math.min(...rowsBetween(frame, to, from).map(slot => slot.x - slot.width / 2))
    const lane = edgeOfAll - LANE_DISTANCE - index * LANE_STEP
    // A state that loops to itself leaves below its middle and comes back above it.
    const aside = from === to ? 10 : 0
    const leaves = isFirst(frame, from)
      ? [at(from.x, from.y + from.height / 2 + aside)]
      : [at(from.x + 14, from.y + from.height), at(from.x + 14, from.y + from.height + TURN)]
    const enters = isFirst(frame, to)
      ? [at(to.x - TIP, to.y + to.height / 2 - aside)]
      : [at(to.x + 14, to.y - TURN), at(to.x + 14, to.y - TIP)]
    const points = [...leaves, at(lane, yOf(leaves.at(-1))), at(lane, yOf(enters[0])), ...enters]
    return { from: edge.from, to: edge.to, kind: 'back', path: rounded(points) }
  })
}

/** Everything that one state catches comes down one lane on the right. */
export function catchLanes(frame: Frame, edges: readonly Edge[]): Line[] {
  const targets = Map.groupBy(
    edges.filter(edge => edge.kind === 'catch'),
    edge => edge.to,
  )
  return [...targets].flatMap(([target, caught], index) => {
    const to = frame.boxes.get(target)
    const boxes = caught.flatMap(edge => frame.boxes.get(edge.from) ?? []).sort((a, b) => a.y - b.y)
    const top = boxes[0]
    if (!to || !top) return []
    const edgeOfAll = Math.max(...rowsBetween(frame, top, to).map(slot => slot.x + slot.width / 2))
    const lane = edgeOfAll + LANE_DISTANCE + index * LANE_STEP
    const enters = isLast(frame, to)
      ? [at(to.x + to.width + TIP, to.y + to.height / 2)]
      : [at(to.x + to.width / 2, to.y - TURN), at(to.x + to.width / 2, to.y - TIP)]
    return boxes.map((from, i): Line => {
      const leaves = leavingRight(frame, from)
      const turn = yOf(leaves.at(-1))
      const whole = rounded([...leaves, at(lane, turn), at(lane, yOf(enters[0])), ...enters])
      const line = { from: from.state.name, to: target, kind: 'catch' as const }
      if (i === 0) return { ...line, path: whole }
      return {
        ...line,
        path: rounded([...leaves, at(lane, turn), at(lane, turn + CORNER)]),
        wholePath: whole,
      }
    })
  })
}

const leavingRight = (frame: Frame, box: Box): string[] => {
  const right = box.x + box.width
  return isLast(frame, box)
    ? [at(right, box.y + box.height / 2)]
    : [at(right - 14, box.y + box.height), at(right - 14, box.y + box.height + TURN)]
}

function rowsBetween(frame: Frame, upper: Box, lower: Box): Slot[] {
  return frame.rows
    .filter((_, i) => (frame.tops[i] ?? 0) >= upper.y && (frame.tops[i] ?? 0) <= lower.y)
    .flat()
}

const isFirst = (frame: Frame, box: Box): boolean =>
  [...frame.boxes.values()].every(other => other.y !== box.y || other.x >= box.x)
const isLast = (frame: Frame, box: Box): boolean =>
  [...frame.boxes.values()].every(other => other.y !== box.y || other.x <= box.x)

const at = (x: number, y: number): string => `${round(x)},${round(y)}`
const round = (value: number): number => Math.round(value * 10) / 10
const yOf = (point: string | undefined): number => Number(point?.split(',')[1] ?? 0)

/** Straight lines through the points, with round corners. */
function rounded(points: readonly string[]): string {
  const all = points.map(point => point.split(',').map(Number) as [number, number])
  return all.reduce((path, [x, y], i) => {
    const before = all[i - 1]
    const after = all[i + 1]
    if (!before) return `M${at(x, y)}`
    if (!after) return `${path}L${at(x, y)}`
    const [ax, ay] = towards([x, y], before)
    const [bx, by] = towards([x, y], after)
    return `${path}L${at(ax, ay)}Q${at(x, y)} ${at(bx, by)}`
  }, '')
}

function towards([x, y]: [number, number], [toX, toY]: [number, number]): [number, number] {
  const distance = Math.hypot(toX - x, toY - y)
  const part = distance === 0 ? 0 : Math.min(CORNER, distance / 2) / distance
  return [x + (toX - x) * part, y + (toY - y) * part]
}
