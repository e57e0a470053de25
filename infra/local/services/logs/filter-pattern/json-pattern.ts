import { UnsupportedError } from '../../../contract.ts'
import { matchesParts } from '../../../input/wildcard.ts'
import { InvalidPattern } from './invalid-pattern.ts'
import { parseSelector, type Selector, select } from './json-selector.ts'

type Test = (document: unknown) => boolean
type Token = { readonly kind: 'symbol' | 'word' | 'string'; readonly text: string }

const SYMBOLS = ['&&', '||', '!=', '<=', '>=', '=', '<', '>', '(', ')']

/**
 * Compiles `{ $.a = "x*" && ($.status >= 400 || $.b NOT EXISTS) }`; `source` is the text between the braces.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function compileJsonPattern(source: string): Test {
  const parser = new Parser(tokenize(source))
  const test = parser.either()
  parser.expectEnd()
  return test
}

/** Recursive descent: `||` binds weaker than `&&`, parentheses strongest. */
class Parser {
  private position = 0
  private readonly tokens: readonly Token[]
  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  either(): Test {
    const tests = [this.both()]
    while (this.takeSymbol('||')) tests.push(this.both())
    return document => tests.some(test => test(document))
  }

  expectEnd(): void {
    if (this.tokens[this.position]) throw new InvalidPattern()
  }

  private both(): Test {
    const tests = [this.single()]
    while (this.takeSymbol('&&')) tests.push(this.single())
    return document => tests.every(test => test(document))
  }

  private single(): Test {
    if (this.takeSymbol('(')) {
      const inner = this.either()
      if (!this.takeSymbol(')')) throw new InvalidPattern()
      return inner
    }
    const selector = parseSelector(this.next().text)
    if (!selector) throw new InvalidPattern()
    return this.condition(selector)
  }

  private condition(path: Selector): Test {
    const operator = this.next()
    if (operator.kind === 'word')
      return wordCondition(path, operator.text.toUpperCase(), this.next().text.toUpperCase())
    const value = this.next()
    if (value.kind === 'symbol') throw new InvalidPattern()
    return comparison(path, operator.text, value)
  }

  private next(): Token {
    const token = this.tokens[this.position++]
    if (!token) throw new InvalidPattern()
    return token
  }

  private takeSymbol(text: string): boolean {
    const token = this.tokens[this.position]
    const found = token?.kind === 'symbol' && token.text === text
    if (found) this.position++
    return found
  }
}

function wordCondition(path: Selector, first: string, second: string): Test {
  if (first === 'IS' && second === 'NULL') return document => select(document, path) === null
  if (first === 'IS' && second === 'TRUE') return document => select(document, path) === true
  if (first === 'IS' && second === 'FALSE') return document => select(document, path) === false
  if (first === 'NOT' && second === 'EXISTS') return document => select(document, path) === undefined
  throw new InvalidPattern()
}

/** A property that is missing, null, an array or an object never satisfies a comparison. */
function comparison(path: Selector, operator: string, operand: Token): Test {
  const number = operand.kind === 'word' && NUMBER.test(operand.text) ? Number(operand.text) : undefined
  if (operator === '=' || operator === '!=') {
    const wanted = operand.text.split('*')
    const equal = (value: unknown): boolean =>
      (number !== undefined && value === number) || matchesParts(wanted, String(value))
    return document =>
      isScalar(select(document, path)) && equal(select(document, path)) === (operator === '=')
  }
  if (number === undefined) throw new InvalidPattern()
  const compare = ORDER[operator]
  if (!compare) throw new InvalidPattern()
  return document => {
    const value = select(document, path)
    return typeof value === 'number' && compare(value, number)
  }
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const ORDER: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)

function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let rest = source.trim()
  while (rest !== '') {
    const token = nextToken(rest)
    tokens.push(token.token)
    rest = rest.slice(token.length).trimStart()
  }
  return tokens
}

function nextToken(rest: string): { token: Token; length: number } {
  const symbol = SYMBOLS.find(candidate => rest.startsWith(candidate))
  if (symbol) return { token: { kind: 'symbol', text: symbol }, length: symbol.length }
  if (rest.startsWith('%')) throw new UnsupportedError('regular expressions (%…%) in filter patterns')
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(rest)
  if (quoted)
    return {
      token: { kind: 'string', text: (quoted[1] ?? '').replace(/\\(.)/g, '$1') },
      length: quoted[0].length,
    }
  const selector = /^\$(?:\.?\[(?:'[^']*'|"[^"]*"|\d+|\*)\]|\.[A-Za-z0-9_-]+)+/.exec(rest)
  const word = selector ?? /^[A-Za-z0-9_.*:/@+-]+/.exec(rest)
  if (!word) throw new InvalidPattern()
  return { token: { kind: 'word', text: word[0] }, length: word[0].length }
}
