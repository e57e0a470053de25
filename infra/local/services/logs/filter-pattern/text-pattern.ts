import { UnsupportedError } from '../../../contract.ts'
import { InvalidPattern } from './invalid-pattern.ts'

type Term = { readonly sign: '' | '?' | '-'; readonly text: string }

/**
 * Compiles a pattern of terms: all plain terms must appear, none of the `-terms`, and, when there is nothing but
 * `?terms`, at least one of them (with plain terms beside them they are ignored). Matching is case-sensitive.
 */
export function compileTextPattern(source: string): (message: string) => boolean {
  const terms = parseTerms(source)
  const plain = terms.filter(term => term.sign === '')
  const excluded = terms.filter(term => term.sign === '-')
  const optional = terms.filter(term => term.sign === '?')
  return message =>
    plain.every(term => message.includes(term.text)) &&
    !excluded.some(term => message.includes(term.text)) &&
    (plain.length > 0 || optional.length === 0 || optional.some(term => message.includes(term.text)))
}

function parseTerms(source: string): Term[] {
  const terms: Term[] = []
  let rest = source.trim()
  while (rest !== '') {
    if (rest.startsWith('%')) throw new UnsupportedError('regular expressions (%…%) in filter patterns')
    const match = /^([?-]?)(?:"((?:[^"\\]|\\.)*)"|([A-Za-z0-9_]+))(?=\s|$)/.exec(rest)
    if (!match) throw new InvalidPattern()
    terms.push({ sign: signOf(match[1]), text: (match[2] ?? match[3] ?? '').replace(/\\(.)/g, '$1') })
    rest = rest.slice(match[0].length).trimStart()
  }
  return terms
}

const signOf = (sign: string | undefined): Term['sign'] => (sign === '?' || sign === '-' ? sign : '')
