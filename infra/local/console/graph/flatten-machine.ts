import type { GraphState, GraphTransition, StateGraph } from './graph.ts'

/** A machine as the state machines' own read model gives it: branches and iterators hang under their state. */
export type NestedMachine = {
  readonly startAt: string
  readonly states: readonly {
    readonly name: string
    readonly type: string
    readonly transitions: readonly { readonly to: string; readonly label?: string }[]
    readonly isEnd: boolean
    readonly branches: readonly NestedMachine[]
  }[]
}

/** Puts the states of branches and iterators beside the others, with ways into them and from their ends back. */
export function flattenMachine(machine: NestedMachine): StateGraph {
  const states: GraphState[] = []
  const transitions: GraphTransition[] = []
  collect(machine, states, transitions)
  return { startAt: machine.startAt, states, transitions }
}

function collect(machine: NestedMachine, states: GraphState[], transitions: GraphTransition[]): void {
  for (const { name, type, transitions: ways, branches } of machine.states) {
    states.push({ name, type })
    for (const { to, label } of ways) {
      const kind = kindOf(type, label)
      const froms = kind === 'next' && branches.length > 0 ? branches.flatMap(endsOf) : [name]
      for (const from of froms) {
        transitions.push({
          from,
          to,
          kind: from === name ? kind : 'branch',
          ...(label === undefined ? {} : { label: shortened(label) }),
        })
      }
    }
    for (const branch of branches) {
      transitions.push({ from: name, to: branch.startAt, kind: 'branch' })
      collect(branch, states, transitions)
    }
  }
}

const endsOf = (machine: NestedMachine): string[] =>
  machine.states.filter(state => state.isEnd && state.type !== 'Fail').map(state => state.name)

/** Only choices and catches are labelled, and only choices choose. */
function kindOf(type: string, label: string | undefined): GraphTransition['kind'] {
  if (type === 'Choice') return label === 'default' ? 'default' : 'choice'
  return label === undefined ? 'next' : 'catch'
}

const SIGNS: Readonly<Record<string, string>> = {
  Equals: '=',
  LessThan: '<',
  GreaterThan: '>',
  LessThanEquals: '≤',
  GreaterThanEquals: '≥',
  Matches: '~',
}

const COMPARISON = /^\$\.(\S+) (?:String|Numeric|Boolean|Timestamp)([A-Z][A-Za-z]*?)(?:Path)? (?:\$\.)?(.*)$/

/** `$.outcome StringEquals held` → `outcome = held`. */
function shortened(label: string): string {
  const [, variable, operator = '', operand] = COMPARISON.exec(label) ?? []
  return variable === undefined ? label : `${variable} ${SIGNS[operator] ?? operator} ${operand}`
}
