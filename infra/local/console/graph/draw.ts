import { type Html, html } from '../html.ts'
import { clockTime } from '../page/time.ts'
import type { StateGraph } from './graph.ts'
import { type Box, type Line, layOut, type Picture } from './picture.ts'

/** What an execution did with its states. Times are epoch milliseconds. */
export type Progress = {
  /** Oldest first. */
  readonly visited: readonly { readonly state: string; readonly enteredAt: number }[]
  readonly current: readonly string[]
  readonly failed: readonly string[]
}

/** A state machine as SVG, with the way that an execution took. Colours come from the style sheet. */
export function drawGraph(graph: StateGraph, progress: Progress, title: string): Html {
  const picture = layOut(graph)
  const { x, y, width, height, start, boxes, lines } = picture
  const taken = takenBetween(progress, lines)
  const drawn = [...lines].sort((a, b) => Number(taken.has(a)) - Number(taken.has(b)))
  return html`<svg class="graph" role="img" aria-label="${title}" width="${Math.round(width)}" height="${Math.round(height)}" viewBox="${[x, y, width, height].map(Math.round).join(' ')}">
<defs>${['line', 'taken', 'caught'].map(marker)}</defs>
${start && html`<circle class="start" cx="${start.x}" cy="10" r="5"/><path class="edge taken" marker-end="url(#arrow-taken)" d="M${start.x},15L${start.x},${start.y - 3}"/>`}
${drawn.map(line => drawLine(line, taken.has(line)))}
${boxes.map(box => drawBox(box, progress))}
${lines.map(line => drawLabel(line, taken.has(line)))}
</svg>`
}

const marker = (name: string): Html =>
  html`<marker id="arrow-${name}" class="arrow ${name}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0,0.6L7,4L0,7.4Z"/></marker>`

/** The lines between states that were entered one after the other. A caught failure goes before a plain next. */
function takenBetween({ visited, failed }: Progress, lines: Picture['lines']): ReadonlySet<Line> {
  const taken = new Set<Line>()
  visited.forEach(({ state }, i) => {
    const next = visited[i + 1]
    if (!next) return
    const between = lines.filter(line => line.from === state && line.to === next.state)
    const line = between.find(one => one.kind !== 'catch' || failed.includes(state)) ?? between[0]
    if (line) taken.add(line)
  })
  return taken
}

function drawLine(line: Line, isTaken: boolean): Html {
  const kind = isTaken ? (line.kind === 'catch' ? 'caught' : 'taken') : 'line'
  const path = isTaken ? (line.wholePath ?? line.path) : line.path
  const isArm = line.wholePath !== undefined && !isTaken
  const arrow = isArm ? undefined : html` marker-end="url(#arrow-${kind})"`
  return html`<path class="edge ${line.kind} ${isTaken && kind}" d="${path}"${arrow}><title>${line.from} → ${line.to}</title></path>`
}

const drawLabel = ({ label }: Line, isTaken: boolean): Html | undefined =>
  label &&
  html`<text class="label ${isTaken && 'taken'}" x="${Math.round(label.x)}" y="${Math.round(label.y)}">${label.text}<title>${label.full}</title></text>`

function drawBox(box: Box, progress: Progress): Html {
  const { state, x, y, width, height } = box
  const entries = progress.visited.filter(visit => visit.state === state.name)
  const last = entries.at(-1)
  const status = progress.current.includes(state.name)
    ? 'current'
    : progress.failed.includes(state.name)
      ? 'failed'
      : last
        ? 'visited'
        : ''
  const word = { current: 'since ', failed: 'failed ', visited: '', '': '' }[status]
  const times = entries.length > 1 ? ` ×${entries.length}` : ''
  const when = last ? ` · ${word}${clockTime(last.enteredAt)}${times}` : ''
  const middle = x + width / 2
  return html`<g class="state ${status}"><title>${state.comment ?? `${state.type} ${state.name}`}</title>${outline(state.type, { x, y, width, height })}<text class="name" x="${middle}" y="${y + 20}">${state.name}</text><text class="type" x="${middle}" y="${y + 35}">${state.type}${when}</text></g>`
}

type Area = Pick<Box, 'x' | 'y' | 'width' | 'height'>

/** Choices have points at their sides; what waits or ends is round. */
function outline(type: string, { x, y, width, height }: Area): Html {
  if (type === 'Choice') {
    const cut = 14
    const points = [
      [x + cut, y],
      [x + width - cut, y],
      [x + width, y + height / 2],
      [x + width - cut, y + height],
      [x + cut, y + height],
      [x, y + height / 2],
    ]
    return html`<polygon points="${points.map(point => point.join(',')).join(' ')}"/>`
  }
  const radius = ['Wait', 'Succeed', 'Fail'].includes(type) ? height / 2 : 8
  return html`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`
}
