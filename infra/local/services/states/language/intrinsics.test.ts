import { expect, test } from 'vitest'
import { evaluateIntrinsic } from './intrinsics.ts'
import { findPath, writePath } from './json-path.ts'

const input = {
  a: 'x',
  n: 3,
  list: [1, 2, 3, 3],
  deep: { 'odd name': { v: [{ k: 1 }, { k: 2 }] } },
  text: '{"j":[1]}',
}
const scope = { input, context: { Execution: { Name: 'run' } } }

const calls: [expression: string, value: unknown][] = [
  ["States.Format('{} is {}, not \\{\\}', $.a, $.n)", 'x is 3, not {}'],
  ["States.Format('it\\'s {}', $$.Execution.Name)", "it's run"],
  ['States.StringToJson($.text)', { j: [1] }],
  ['States.JsonToString($.list)', '[1,2,3,3]'],
  ["States.Array($.a, 1, null, true, 'b')", ['x', 1, null, true, 'b']],
  ['States.ArrayLength($.list)', 4],
  ['States.ArrayContains($.list, 2)', true],
  ['States.ArrayGetItem($.list, States.MathAdd(1, 1))', 3],
  ['States.ArrayPartition($.list, 3)', [[1, 2, 3], [3]]],
  ['States.ArrayRange(1, 9, 2)', [1, 3, 5, 7, 9]],
  ['States.ArrayUnique($.list)', [1, 2, 3]],
  [
    'States.JsonMerge(States.StringToJson(\'{"a":1,"b":2}\'), States.StringToJson(\'{"b":3}\'), false)',
    { a: 1, b: 3 },
  ],
  ["States.StringSplit('This.is+a,test=string', '.+,=')", ['This', 'is', 'a', 'test', 'string']],
  ["States.Hash('input data', 'SHA-1')", 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
  ["States.Base64Decode(States.Base64Encode('Data to encode'))", 'Data to encode'],
  ["States.ArrayLength($.deep['odd name'].v)", 2],
]

test.each(calls)('%s', (expression, value) => {
  expect(evaluateIntrinsic(expression, scope)).toEqual(value)
})

test('a random number lies between its bounds, the end excluded', () => {
  const drawn = Array.from({ length: 200 }, () => evaluateIntrinsic('States.MathRandom(5, 8)', scope))
  expect(new Set(drawn)).toEqual(new Set([5, 6, 7]))
})

const paths: [path: string, value: unknown][] = [
  ['$', input],
  ['$.list[-1]', 3],
  ['$.list[1:3]', [2, 3]],
  ["$['deep']['odd name'].v[*].k", [1, 2]],
  ['$..k', [1, 2]],
  ['$.missing', undefined],
  ['$.a.b', undefined],
  ['$.__proto__', undefined],
  ['$$.Execution.Name', 'run'],
]

test.each(paths)('the path %s', (path, value) => {
  expect(findPath(path, scope)).toEqual(value)
})

test('a result path makes the objects on its way and leaves the rest as it was', () => {
  expect(writePath('$.p.q', { a: 1 }, 2)).toEqual({ a: 1, p: { q: 2 } })
  expect(writePath('$.l[1]', { l: [1, 2, 3] }, 9)).toEqual({ l: [1, 9, 3] })
  expect(() => writePath('$.a.b', { a: 1 }, 2)).toThrow('States.ResultPathMatchFailure')
})
