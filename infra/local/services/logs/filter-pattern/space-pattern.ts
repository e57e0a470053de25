import { UnsupportedError } from '../../../contract.ts'
import { matchesParts } from '../../../input/wildcard.ts'
import { InvalidPattern } from './invalid-pattern.ts'

type Test = (word: string) => boolean
type Field = 'rest' | Test

const CONDITION = /^([A-Za-z_]\w*)\s*(?:(=|!=|<=|>=|<|>)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"&|,]+))\s*)?/
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const ANY: Test = () => true

/**
 * Compiles `[ip, user, …, status = 4*]`; `source` is the text between the brackets. A line matches when it has as many
 * words as the pattern has fields (`...` stands for any number of them) and each word meets its field's condition.
 * Words may be in quotation marks or brackets.
 */
export function compileSpacePattern(source: string): (message: string) => boolean {
  if (source.includes('%')) throw new UnsupportedError('regular expressions (%…%) in filter patterns')
  const fields = splitFields(source).map(parseField)
  const gap = fields.indexOf('rest')
  if (gap !== fields.lastIndexOf('rest')) throw new InvalidPattern()
  const head = gap < 0 ? fields : fields.slice(0, gap)
  const tail = gap < 0 ? [] : fields.slice(gap + 1)
  return message => {
    const words = wordsOf(message)
    const least = head.length + tail.length
    if (gap < 0 ? words.length !== least : words.length < least) return false
    return all(head, words) && all(tail, words.slice(words.length - tail.length))
  }
}

const all = (fields: readonly Field[], words: readonly string[]): boolean =>
  fields.every((field, index) => field === 'rest' || field(words[index] ?? ''))

/** Commas separate fields, except in quotation marks. */
function splitFields(source: string): string[] {
  const fields = ['']
  for (const part of source.match(/"(?:[^"\\]|\\.)*"|,|[^",]+|"/g) ?? []) {
    if (part === ',') fields.push('')
    else fields.push(`${fields.pop()}${part}`)
  }
  return fields.map(field => field.trim())
}

/** A field without a name takes any word. `&&` binds stronger than `||`. */
function parseField(source: string): Field {
  if (source === '...') return 'rest'
  if (source === '') return ANY
  const alternatives: Test[][] = [[]]
  let rest = source
  while (rest !== '') {
    const found = CONDITION.exec(rest)
    if (!found) throw new InvalidPattern()
    alternatives.at(-1)?.push(condition(found[2], found[3], found[4]))
    rest = rest.slice(found[0].length)
    const operator = /^(&&|\|\|)\s*(?=\S)/.exec(rest)
    if (!operator && rest !== '') throw new InvalidPattern()
    if (operator?.[1] === '||') alternatives.push([])
    rest = rest.slice(operator?.[0].length ?? 0)
  }
  return word => alternatives.some(tests => tests.every(test => test(word)))
}

const ORDER = new Map<string, (a: number, b: number) => boolean>([
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
])

function condition(operator: string | undefined, quoted: string | undefined, bare: string | undefined): Test {
  if (operator === undefined) return ANY
  const operand = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1')
  const number = quoted === undefined && NUMBER.test(operand) ? Number(operand) : undefined
  const compare = ORDER.get(operator)
  if (compare) {
    if (number === undefined) throw new InvalidPattern()
    return word => NUMBER.test(word) && compare(Number(word), number)
  }
  const parts = operand.split('*')
  const equal: Test = word =>
    matchesParts(parts, word) || (number !== undefined && NUMBER.test(word) && Number(word) === number)
  return operator === '=' ? equal : word => !equal(word)
}

/** Words between spaces; what stands in quotation marks or brackets is one word. */
const wordsOf = (message: string): string[] =>
  [...message.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g)].map(
    ([, quoted, bracketed, bare]) => quoted ?? bracketed ?? bare ?? '',
  )
