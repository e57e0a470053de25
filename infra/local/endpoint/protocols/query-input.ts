import { ServiceError } from '../../contract.ts'

type Node = { text?: string; readonly children: Map<string, Node> }

const MAX_DEPTH = 16

/**
 * A form's members as one input: `A.member.1=x` and `A.1=x` are lists, `A.entry.1.key=k&A.entry.1.value=v` (or `Name`
 * and `Value`) a map, `A.B=x` a structure. Values are text; operations convert what is not.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#query-key-resolution
 */
export function readQueryInput(form: URLSearchParams): Record<string, unknown> {
  const root: Node = { children: new Map() }
  for (const [name, value] of form) {
    if (name === 'Action' || name === 'Version' || name.startsWith('X-Amz-')) continue
    place(root, name.split('.'), value)
  }
  return Object.fromEntries([...root.children].map(([name, node]) => [name, inputOf(node)]))
}

function place(root: Node, path: readonly string[], value: string): void {
  if (path.length > MAX_DEPTH) throw malformed(path.join('.'))
  let node = root
  for (const step of path) {
    const known = node.children.get(step)
    const next: Node = known ?? { children: new Map() }
    if (!known) node.children.set(step, next)
    node = next
  }
  node.text = value
}

function inputOf(node: Node): unknown {
  if (node.children.size === 0) return node.text ?? ''
  const { children } = node
  const member = children.size === 1 ? children.get('member') : undefined
  if (member) return listOf(member.children)
  const entry = children.size === 1 ? children.get('entry') : undefined
  if (entry) return mapOf(entry.children)
  if ([...children.keys()].every(name => /^\d+$/.test(name))) return listOf(children)
  return Object.fromEntries([...children].map(([name, child]) => [name, inputOf(child)]))
}

function listOf(children: ReadonlyMap<string, Node>): unknown[] {
  return inOrder(children).map(inputOf)
}

function mapOf(children: ReadonlyMap<string, Node>): Record<string, unknown> {
  return Object.fromEntries(
    inOrder(children).map(({ children: parts }) => {
      const key = parts.get('key') ?? parts.get('Name')
      const value = parts.get('value') ?? parts.get('Value')
      return [key?.text ?? '', value ? inputOf(value) : '']
    }),
  )
}

function inOrder(children: ReadonlyMap<string, Node>): Node[] {
  return [...children].sort(([left], [right]) => Number(left) - Number(right)).map(([, node]) => node)
}

function malformed(name: string): ServiceError {
  return new ServiceError('MalformedInput', `The parameter ${name.slice(0, 100)} is nested too deeply`, 400)
}
