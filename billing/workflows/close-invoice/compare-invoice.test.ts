import { expect, test } from 'vitest'
import { cycleInvoice, flatLine, line, NEXT, PERIOD, starter } from '../testing/fixtures.ts'
import { compareInvoice, type ExpectedInvoice } from './compare-invoice.ts'

const expected: ExpectedInvoice = { plan: starter, usage: PERIOD, owedUnits: 25_007, continues: true }
const included = line({ quantity: 20_000, amountMinor: 0n })
const further = line({ quantity: 5_007, amountMinor: 751n })
const open = (...lines: (typeof flatLine)[]) => cycleInvoice({ status: 'open', lines })

test.each([
  ['the lines of the statement, in any order', open(included, flatLine, further)],
  ['a line of amount zero may be left out', open(flatLine, further)],
  ['a line that says nothing counts for nothing', open(flatLine, included, further, line({ quantity: 0 }))],
])('equal: %s', (_, invoice) => {
  expect(compareInvoice(expected, invoice)).toEqual({ kind: 'equal', invoicedUnits: 25_007 })
})

test('equal: usage within the included units, with and without its line', () => {
  const facts = { ...expected, owedUnits: 8 }
  const equal = { kind: 'equal', invoicedUnits: 8 }
  expect(compareInvoice(facts, open(flatLine, line({ quantity: 8 })))).toEqual(equal)
  expect(compareInvoice(facts, open(flatLine))).toEqual(equal)
})

test('equal: the last invoice of a subscription has no flat fee', () => {
  const facts = { ...expected, continues: false }
  expect(compareInvoice(facts, open(included, further)).kind).toBe('equal')
  expect(compareInvoice(facts, open(flatLine, included, further)).kind).toBe('held')
})

test('too little: fewer units, rated as the plan says, are collected and the rest is carried over', () => {
  const invoice = open(flatLine, included, line({ quantity: 5_000, amountMinor: 750n }))
  expect(compareInvoice(expected, invoice)).toEqual({ kind: 'too_little', invoicedUnits: 25_000 })
})

test('too little: usage of an amount that has no line is carried over', () => {
  const verdict = compareInvoice(expected, open(flatLine, included))
  expect(verdict).toEqual({ kind: 'too_little', invoicedUnits: 20_000 })
})

test('too much: more units, rated as the plan says, are credited before collection', () => {
  const invoice = open(flatLine, included, line({ quantity: 6_000, amountMinor: 900n }))
  expect(compareInvoice(expected, invoice)).toEqual({ kind: 'too_much', invoicedUnits: 26_000 })
})

test('equal: a plan without a flat fee needs no line for it', () => {
  const facts = { ...expected, plan: { ...starter, flatFeeMinor: '0' } }
  expect(compareInvoice(facts, open(included, further)).kind).toBe('equal')
})

test.each([
  [
    'a cent more for the same units',
    open(flatLine, included, line({ quantity: 5_007, amountMinor: 752n })),
    /lines/,
  ],
  [
    'a cent less for the same units',
    open(flatLine, included, line({ quantity: 5_007, amountMinor: 750n })),
    /lines/,
  ],
  ['another flat fee', open({ ...flatLine, amountMinor: 2901n }, included, further), /flat fee/],
  ['no flat fee', open(included, further), /flat fees/],
  ['two flat fees', open(flatLine, flatLine, included, further), /flat fees/],
  [
    'a flat fee for another period',
    open({ ...flatLine, period: PERIOD }, included, further),
    /another period/,
  ],
  ['usage of another period', open(flatLine, included, { ...further, period: NEXT }), /another period/],
  [
    'a line of another price',
    open(flatLine, included, further, line({ priceId: 'price_x' })),
    /another price/,
  ],
  ['a line without a price', open(flatLine, included, further, line({ priceId: null })), /another price/],
  ['another currency', { ...open(flatLine, included, further), currency: 'eur' }, /currency/],
  ['an amount without units', open(flatLine, included, further, line({ amountMinor: 100n })), /lines/],
  ['units that nobody used, for nothing', open(flatLine, included, further, line({ quantity: 5 })), /lines/],
  ['a flat fee twice in one line', open({ ...flatLine, quantity: 2 }, included, further), /flat fee/],
  ['a draft', cycleInvoice({ lines: [flatLine, included, further] }), /draft/],
  ['a void one', cycleInvoice({ status: 'void', lines: [flatLine, included, further] }), /void/],
])('held, never collected: %s', (_, invoice, reason) => {
  expect(compareInvoice(expected, invoice)).toMatchObject({
    kind: 'held',
    reason: expect.stringMatching(reason),
  })
})
