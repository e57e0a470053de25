import { createHash } from 'node:crypto'
import type { State } from './state.ts'

const LENGTH = 24

/** Ids look random, never repeat and are the same in every run, so that a run can be compared with another. */
export function newId(state: State, prefix: string, length = LENGTH): string {
  return `${prefix}${pseudoRandom(state, length)}`
}

/** `A1B2C3D4`, the first half of invoice numbers. */
export function newInvoicePrefix(state: State): string {
  state.sequence += 1
  return createHash('sha256').update(`prefix ${state.sequence}`).digest('hex').slice(0, 8).toUpperCase()
}

function pseudoRandom(state: State, length: number): string {
  state.sequence += 1
  let text = ''
  for (let block = 0; text.length < length; block += 1) {
    const digest = createHash('sha256').update(`${state.sequence} ${block}`).digest('base64')
    text += digest.replace(/[^A-Za-z0-9]/g, '')
  }
  return text.slice(0, length)
}
