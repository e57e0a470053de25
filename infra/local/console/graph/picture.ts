import { arrange, type Slot } from './arrange.ts'
import type { GraphState, StateGraph } from './graph.ts'
import { type Edge, layerGraph } from './layer.ts'
import { catchLanes, type Frame, forwardLine, loopLanes } from './lines.ts'

/** A box of the picture; `x` and `y` are its upper left corner. */
export type Box = {
  readonly state: GraphState
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A line of the picture as SVG path data. */
export type Line = {
  readonly from: string
  readonly to: string
  readonly kind: Edge['kind']
  readonly path: string
  /** Side arms end on another line, without an arrow; their whole way is drawn when it was taken. */
  readonly wholePath?: string
  readonly label?: { readonly text: string; readonly full: string; readonly x: number; readonly y: number }
}

export type Picture = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly start?: { readonly x: number; readonly y: number }
  readonly boxes: readonly Box[]
  readonly lines: readonly Line[]
}

const BOX_HEIGHT = 46
const ROW_GAP = 44
const LABELLED_ROW_GAP = 62
const MARGIN = 16
/** Above the first state: its start mark. */
const START_HEIGHT = 34
const LONGEST_LABEL = 26

/** Lays a state machine out from top to bottom: lines down between the layers, loops on the left, catches on the right. */
export function layOut(graph: StateGraph): Picture {
  const byName = new Map(graph.states.map(state => [state.name, state]))
  const boxWidth = (name: string) => widthOfBox(byName.get(name))
  const layered = layerGraph(graph)
  const { rows, chains } = arrange(layered, { state: boxWidth, label: labelWidth })
  const tops = topsOf(rows, layered.edges)
  const boxes = new Map<string, Box>()
  rows.forEach((row, index) => {
    for (const slot of row) {
      const state = byName.get(slot.id)
      if (!slot.isState || !state) continue
      const width = boxWidth(slot.id)
      boxes.set(slot.id, { state, x: slot.x - width / 2, y: tops[index] ?? 0, width, height: BOX_HEIGHT })
    }
  })
  const frame: Frame = { rows, tops, boxes, boxHeight: BOX_HEIGHT }
  const lines = [
    ...layered.edges.flatMap((edge, index) => {
      const chain = chains.get(index)
      return chain ? [withLabel(edge, forwardLine(frame, chain, portsOf(chains, layered.edges)))] : []
    }),
    ...loopLanes(frame, layered.edges),
    ...catchLanes(frame, layered.edges),
  ]
  return bounded([...boxes.values()], lines, boxes.get(graph.startAt))
}

/** Where the lines leave and enter a state, from left to right in the order of where they go. */
function portsOf(chains: ReadonlyMap<number, readonly Slot[]>, edges: readonly Edge[]) {
  const sorted = (side: 'from' | 'to', name: string): Slot[] =>
    edges
      .flatMap((edge, index) => {
        const chain = edge[side] === name ? chains.get(index) : undefined
        const near = side === 'from' ? chain?.[1] : chain?.at(-2)
        return near ? [near] : []
      })
      .sort((a, b) => a.x - b.x)
  return (side: 'from' | 'to', state: Slot, near: Slot | undefined, width: number): number => {
    const all = sorted(side, state.id)
    if (!near || all.length === 0) return 0
    const step = Math.min(30, (width - 24) / all.length)
    // What goes straight up or down keeps the middle.
    const straight = all.findIndex(slot => slot.x === state.x)
    return (all.indexOf(near) - (straight >= 0 ? straight : (all.length - 1) / 2)) * step
  }
}

function withLabel(edge: Edge, line: { path: string; labelX: number; labelY: number }): Line {
  const full = edge.labels.join(', ')
  const { from, to, kind } = edge
  const text = full.length > LONGEST_LABEL ? `${full.slice(0, LONGEST_LABEL - 1)}…` : full
  const label = text === '' ? {} : { label: { text, full, x: line.labelX, y: line.labelY } }
  return { from, to, kind, path: line.path, ...label }
}

function topsOf(rows: readonly (readonly Slot[])[], edges: readonly Edge[]): number[] {
  let y = START_HEIGHT
  return rows.map(row => {
    const top = y
    const labelled = edges.some(
      edge => edge.kind === 'forward' && edge.labels.length > 0 && row.some(slot => slot.id === edge.from),
    )
    y += BOX_HEIGHT + (labelled ? LABELLED_ROW_GAP : ROW_GAP)
    return top
  })
}

function bounded(boxes: readonly Box[], lines: readonly Line[], start: Box | undefined): Picture {
  const points = lines.flatMap(line =>
    [...line.path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(match => ({
      x: Number(match[1]),
      y: Number(match[2]),
    })),
  )
  const labels = lines.flatMap(({ label }) =>
    label ? [-1, 1].map(side => ({ x: label.x + (side * labelWidth([label.text])) / 2, y: label.y })) : [],
  )
  const corners = boxes.flatMap(box => [box, { x: box.x + box.width, y: box.y + box.height }])
  const all = [...points, ...labels, ...corners, { x: 0, y: 0 }]
  const left = Math.min(...all.map(point => point.x)) - MARGIN
  const right = Math.max(...all.map(point => point.x)) + MARGIN
  const bottom = Math.max(...all.map(point => point.y)) + MARGIN
  return {
    x: left,
    y: 0,
    width: right - left,
    height: bottom,
    ...(start && { start: { x: start.x + start.width / 2, y: start.y } }),
    boxes,
    lines,
  }
}

/** Widths of the system fonts at the sizes of the style sheet, a little generous. */
const widthOfBox = (state: GraphState | undefined): number =>
  Math.max(152, (state?.name.length ?? 0) * 7.6 + 36)

const labelWidth = (labels: readonly string[]): number =>
  Math.min(labels.join(', ').length, LONGEST_LABEL) * 6.2
