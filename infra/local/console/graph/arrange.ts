import type { Layered } from './layer.ts'

/** What stands in a layer: a state, or the place where a longer line passes. */
export type Slot = { readonly id: string; readonly isState: boolean; width: number; x: number }

/** Room that a state and the label of a line take. The label of a line stands above the first slot it leads to. */
export type Widths = { state(name: string): number; label(labels: readonly string[]): number }

export type Arranged = {
  readonly rows: readonly (readonly Slot[])[]
  /** The slots of a forward line from top to bottom, by its index among the edges. */
  readonly chains: ReadonlyMap<number, readonly Slot[]>
}

const GAP = 28
const PASSAGE_WIDTH = 12
const SWEEPS = 24

type Links = { readonly up: Map<Slot, Slot[]>; readonly down: Map<Slot, Slot[]> }

/**
 * Orders every layer by the mean position of its neighbours above and below, keeps the order with the fewest crossings,
 * and then moves everything as near to straight lines as the distances allow. `x` is a centre.
 */
export function arrange({ edges, layers }: Layered, widths: Widths): Arranged {
  const rows: Slot[][] = layers.map(names =>
    names.map(name => ({ id: name, width: widths.state(name), isState: true, x: 0 })),
  )
  const links: Links = { up: new Map(), down: new Map() }
  const chains = new Map<number, Slot[]>()
  const rowOf = new Map(rows.flatMap((row, y) => row.map(slot => [slot.id, { slot, y }] as const)))
  edges.forEach((edge, index) => {
    const from = rowOf.get(edge.from)
    const to = rowOf.get(edge.to)
    if (edge.kind !== 'forward' || !from || !to) return
    const passages = rows.slice(from.y + 1, to.y).map(row => {
      const passage: Slot = { id: `${index}`, width: PASSAGE_WIDTH, isState: false, x: 0 }
      row.push(passage)
      return passage
    })
    const chain = [from.slot, ...passages, to.slot]
    chains.set(index, chain)
    const labelled = chain[1]
    if (labelled) labelled.width = Math.max(labelled.width, widths.label(edge.labels))
    chain.forEach((slot, i) => {
      const next = chain[i + 1]
      if (next) join(links, slot, next)
    })
  })
  // Where nothing goes on from stands outside of the lines that pass, and what catches outside of that.
  const goesOn = new Set(edges.filter(edge => edge.kind !== 'catch').map(edge => edge.from))
  const caught = new Set(edges.filter(edge => edge.kind === 'catch').map(edge => edge.to))
  const rank = ({ id, isState }: Slot) => (isState && caught.has(id) ? 2 : isState && !goesOn.has(id) ? 1 : 0)
  for (const row of rows) row.sort((a, b) => rank(a) - rank(b))
  const placed = place(uncross(rows, links), links, spineOf(rows, links))
  for (const chain of chains.values()) straighten(chain.slice(1, -1), placed)
  return { rows: placed, chains }
}

/** Moves a longer line out to where all of it has room, so that it runs straight. */
function straighten(passages: readonly Slot[], rows: readonly (readonly Slot[])[]): void {
  const outermost = passages.reduce((x, slot) => (Math.abs(slot.x) > Math.abs(x) ? slot.x : x), 0)
  const hasRoom = passages.every(passage => {
    const row = rows.find(slots => slots.includes(passage)) ?? []
    const index = row.indexOf(passage)
    const isClear = (other: Slot | undefined, side: number) =>
      !other || (outermost - other.x) * side >= (passage.width + other.width) / 2
    return isClear(row[index - 1], 1) && isClear(row[index + 1], -1)
  })
  if (hasRoom) for (const passage of passages) passage.x = outermost
}

/** The longest way down, which is drawn as a straight line: most of what an execution does is on it. */
function spineOf(rows: readonly (readonly Slot[])[], { down }: Links): ReadonlySet<Slot> {
  const longest = new Map<Slot, readonly Slot[]>()
  for (const slot of rows.toReversed().flat()) {
    const ways = (down.get(slot) ?? []).map(next => longest.get(next) ?? [])
    const best = ways.reduce((a, b) => (states(b) > states(a) ? b : a), [])
    longest.set(slot, [slot, ...best])
  }
  const first = rows[0]?.[0]
  return new Set(first && longest.get(first))
}

const states = (way: readonly Slot[]): number => way.filter(slot => slot.isState).length

function join({ up, down }: Links, above: Slot, below: Slot): void {
  down.set(above, [...(down.get(above) ?? []), below])
  up.set(below, [...(up.get(below) ?? []), above])
}

function uncross(rows: Slot[][], links: Links): Slot[][] {
  let best = rows
  let fewest = crossings(rows, links)
  let current = rows
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const towards = sweep % 2 === 0 ? links.up : links.down
    current = [...current]
    const indexes = current.map((_, y) => (sweep % 2 === 0 ? y : current.length - 1 - y))
    for (const y of indexes) {
      const position = new Map(current.flatMap(row => row.map((slot, i) => [slot, i] as const)))
      const wish = (slot: Slot) =>
        mean((towards.get(slot) ?? []).map(other => position.get(other) ?? 0)) ?? position.get(slot) ?? 0
      current[y] = [...(current[y] ?? [])].sort((a, b) => wish(a) - wish(b))
    }
    const count = crossings(current, links)
    if (count < fewest) {
      fewest = count
      best = current
    }
  }
  return best
}

function crossings(rows: readonly Slot[][], { down }: Links): number {
  let count = 0
  rows.forEach((row, y) => {
    const below = rows[y + 1] ?? []
    const lines = row.flatMap((slot, i) => (down.get(slot) ?? []).map(other => [i, below.indexOf(other)]))
    lines.forEach(([a = 0, b = 0], i) => {
      for (const [c = 0, d = 0] of lines.slice(i + 1)) if ((a - c) * (b - d) < 0) count += 1
    })
  })
  return count
}

function place(rows: Slot[][], { up, down }: Links, spine: ReadonlySet<Slot>): Slot[][] {
  for (const row of rows) settle(row, () => 0, spine)
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const upwards = sweep % 2 === 1
    const wish = (slot: Slot): number => {
      if (spine.has(slot)) return 0
      const near = (upwards ? down : up).get(slot) ?? []
      const far = sweep < SWEEPS / 2 ? [] : ((upwards ? up : down).get(slot) ?? [])
      return mean([...near, ...far].map(other => other.x)) ?? slot.x
    }
    for (const row of upwards ? rows.toReversed() : rows) settle(row, wish, spine)
  }
  return rows
}

/** What stands on the spine does not give way. */
const SPINE_WEIGHT = 1e9

/** Moves the slots of a row to where they wish to be, as far as their order and distances allow (isotonic regression). */
function settle(row: readonly Slot[], wish: (slot: Slot) => number, spine: ReadonlySet<Slot>): void {
  let offset = 0
  const offsets = row.map((slot, i) => {
    const left = row[i - 1]
    if (left) offset += (left.width + slot.width) / 2 + GAP
    return offset
  })
  const blocks: { sum: number; weight: number; count: number }[] = []
  row.forEach((slot, i) => {
    const weight = spine.has(slot) ? SPINE_WEIGHT : 1
    blocks.push({ sum: (wish(slot) - (offsets[i] ?? 0)) * weight, weight, count: 1 })
    for (let last = blocks.at(-1), before = blocks.at(-2); last && before; ) {
      if (before.sum / before.weight <= last.sum / last.weight) break
      before.sum += last.sum
      before.weight += last.weight
      before.count += last.count
      blocks.pop()
      last = blocks.at(-1)
      before = blocks.at(-2)
    }
  })
  let index = 0
  for (const block of blocks) {
    for (let i = 0; i < block.count; i += 1, index += 1) {
      const slot = row[index]
      if (slot) slot.x = Math.round(block.sum / block.weight + (offsets[index] ?? 0))
    }
  }
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
