import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GRAPH } from '../testing/fake-sources.ts'
import { caughtStates } from './caught-states.ts'
import { drawGraph } from './draw.ts'
import { flattenMachine, type NestedMachine } from './flatten-machine.ts'
import type { StateGraph } from './graph.ts'
import { type Box, layOut } from './picture.ts'

const task = (name: string) => ({ name, type: 'Task' })
const next = (from: string, to: string) => ({ from, to, kind: 'next' as const })

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const GRAPHS: Readonly<Record<string, StateGraph>> = {
  'a close with choices, a loop and catches': GRAPH,
  'one state': { startAt: 'A', states: [task('A')], transitions: [] },
  'a state that loops to itself': { startAt: 'A', states: [task('A')], transitions: [next('A', 'A')] },
  'nothing but a loop': {
    startAt: 'A',
    states: [task('A'), task('B')],
    transitions: [next('A', 'B'), next('B', 'A')],
  },
  'states that nothing leads to': { startAt: 'A', states: [task('A'), task('B')], transitions: [] },
  'names of prototypes': {
    startAt: '__proto__',
    states: [task('__proto__'), task('constructor')],
    transitions: [next('__proto__', 'constructor')],
  },
  'many lines that cross': {
    startAt: 'S',
    states: ['S', ...'ABCDEFGH'].map(task),
    transitions: [
      ...[...'ABCD'].map(name => next('S', name)),
      ...[...'ABCD'].flatMap((from, i) => [...'EFGH'].slice(i % 2).map(to => next(from, to))),
      next('S', 'H'),
    ],
  },
}

describe.each(Object.entries(GRAPHS))('the picture of %s', (_, graph) => {
  const { boxes, lines, width, height, x } = layOut(graph)

  test('has every state once, and none upon another', () => {
    expect(boxes.map(box => box.state.name).sort()).toEqual(graph.states.map(state => state.name).sort())
    for (const a of boxes) {
      for (const b of boxes) {
        expect(a !== b && overlap(a, b)).toBe(false)
      }
    }
  })

  test('has a line for every pair of states with a transition', () => {
    const pairs = new Set(graph.transitions.map(one => `${one.from} ${one.to}`))
    expect(new Set(lines.map(line => `${line.from} ${line.to}`))).toEqual(pairs)
  })

  test('leads down, but for loops', () => {
    const top = (name: string) => boxes.find(box => box.state.name === name)?.y ?? 0
    for (const { from, to, kind } of lines) {
      if (kind === 'back') expect(top(to)).toBeLessThanOrEqual(top(from))
      else expect(top(to)).toBeGreaterThan(top(from))
    }
  })

  test('is large enough for all of it', () => {
    for (const box of boxes) {
      expect(box.x).toBeGreaterThanOrEqual(x)
      expect(box.x + box.width).toBeLessThanOrEqual(x + width)
      expect(box.y + box.height).toBeLessThanOrEqual(height)
    }
    expect(JSON.stringify(lines)).not.toMatch(/NaN|Infinity|null/)
  })
})

test('states of any machine stand beside each other', () => {
  const names = [...'ABCDEFGHIJ']
  const kinds = ['next', 'choice', 'default', 'catch', 'branch'] as const
  const name = fc.constantFrom(...names)
  const transition = fc.record({ from: name, to: name, kind: fc.constantFrom(...kinds), label: name })
  fc.assert(
    fc.property(fc.array(transition, { maxLength: 24 }), name, (transitions, startAt) => {
      const { boxes, lines } = layOut({ startAt, states: names.map(task), transitions })
      expect(boxes).toHaveLength(names.length)
      expect(boxes.filter(a => boxes.some(b => a !== b && overlap(a, b)))).toEqual([])
      expect(lines.map(line => line.path).join()).not.toMatch(/NaN|Infinity|undefined/)
    }),
  )
})

test('the longest way down is a straight line', () => {
  const { boxes } = layOut(GRAPH)
  const middle = (name: string) => {
    const box = boxes.find(one => one.state.name === name)
    return box ? box.x + box.width / 2 : Number.NaN
  }
  const spine = ['Hold', 'Held?', 'AwaitLogs', 'Settle', 'Settled', 'Finalize'].map(middle)
  expect(new Set(spine).size).toBe(1)
})

test('the drawing tells visited, current and failed states and taken lines apart, and escapes names', () => {
  const graph: StateGraph = {
    startAt: '<a>',
    states: [task('<a>'), task('b'), task('c')],
    transitions: [next('<a>', 'b'), next('b', 'c')],
  }
  const at = Date.UTC(2026, 0, 1, 9, 5)
  const visited = ['<a>', 'b', 'c'].map(state => ({ state, enteredAt: at }))
  const { text } = drawGraph(graph, { visited, current: ['c'], failed: ['b'] }, 'States')
  expect(text).toContain('<g class="state visited"><title>Task &lt;a&gt;</title>')
  expect(text).toContain('Task · failed 09:05:00')
  expect(text).toContain('Task · since 09:05:00')
  expect(text.match(/class="edge forward taken"/g)).toHaveLength(2)
  expect(text).not.toContain('<a>')
})

test('what catches errors stands right of where the work ends', () => {
  const graph: StateGraph = {
    startAt: 'Work',
    states: [
      task('Work'),
      { name: 'Done', type: 'Succeed' },
      task('Sorry'),
      { name: 'Failed', type: 'Fail' },
    ],
    transitions: [
      next('Work', 'Done'),
      { from: 'Work', to: 'Sorry', kind: 'catch', label: 'States.ALL' },
      next('Sorry', 'Failed'),
    ],
  }
  const { boxes } = layOut(graph)
  const left = (name: string) => boxes.find(box => box.state.name === name)?.x ?? Number.NaN
  expect(left('Sorry')).toBeGreaterThan(left('Done'))
})

describe('a machine of the read model', () => {
  const state = (name: string, type: string, rest: Partial<NestedMachine['states'][number]> = {}) => ({
    name,
    type,
    transitions: [],
    isEnd: false,
    branches: [],
    ...rest,
  })

  test('gives states and transitions with what they are taken on', () => {
    const graph = flattenMachine({
      startAt: 'Work',
      states: [
        state('Work', 'Task', { transitions: [{ to: 'Ready?' }, { to: 'Sorry', label: 'States.ALL' }] }),
        state('Ready?', 'Choice', {
          transitions: [
            { to: 'Done', label: '$.outcome StringEquals ready' },
            { to: 'Done', label: '$.n NumericGreaterThanEqualsPath $.m' },
            { to: 'Done', label: 'And' },
            { to: 'Work', label: 'default' },
          ],
        }),
        state('Done', 'Succeed', { isEnd: true }),
        state('Sorry', 'Fail', { isEnd: true }),
      ],
    })
    expect(graph.states.map(one => `${one.name} ${one.type}`)).toEqual([
      'Work Task',
      'Ready? Choice',
      'Done Succeed',
      'Sorry Fail',
    ])
    expect(graph.transitions).toEqual([
      { from: 'Work', to: 'Ready?', kind: 'next' },
      { from: 'Work', to: 'Sorry', kind: 'catch', label: 'States.ALL' },
      { from: 'Ready?', to: 'Done', kind: 'choice', label: 'outcome = ready' },
      { from: 'Ready?', to: 'Done', kind: 'choice', label: 'n ≥ m' },
      { from: 'Ready?', to: 'Done', kind: 'choice', label: 'And' },
      { from: 'Ready?', to: 'Work', kind: 'default', label: 'default' },
    ])
  })

  test('leads into branches and from their ends on', () => {
    const branch = (name: string) => ({ startAt: name, states: [state(name, 'Pass', { isEnd: true })] })
    const { transitions } = flattenMachine({
      startAt: 'Both',
      states: [
        state('Both', 'Parallel', {
          transitions: [{ to: 'Done' }, { to: 'Done', label: 'States.ALL' }],
          branches: [branch('Left'), branch('Right')],
        }),
        state('Done', 'Succeed', { isEnd: true }),
      ],
    })
    expect(transitions.map(({ from, to, kind }) => `${from} ${kind} ${to}`)).toEqual([
      'Left branch Done',
      'Right branch Done',
      'Both catch Done',
      'Both branch Left',
      'Both branch Right',
    ])
  })
})

describe('a state counts as failed', () => {
  const visit = (name: string, failures: number) => ({ state: name, enteredAt: 1, failures })

  test('when its failure was caught', () => {
    expect(caughtStates(GRAPH, [visit('Hold', 1), visit('Fail', 0)])).toEqual(['Hold'])
  })

  test('not when a retry helped, and not when it went well the last time', () => {
    expect(caughtStates(GRAPH, [visit('Hold', 1), visit('Held?', 0)])).toEqual([])
    const again = [visit('Hold', 1), visit('Fail', 0), visit('Hold', 0), visit('Held?', 0)]
    expect(caughtStates(GRAPH, again)).toEqual([])
  })
})
