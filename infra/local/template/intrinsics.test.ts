// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of Fn::Sub
import { describe, expect, test } from 'vitest'
import { evaluateCondition, type Json, references, resolve, type Scope } from './intrinsics.ts'

const scope: Scope = {
  ref: name =>
    ({ Stage: 'live', Bucket: 'my-bucket', 'AWS::Region': 'us-east-1', List: ['a', 'b'] })[name] ??
    fail(name),
  getAtt: (logicalId, attribute) => `${logicalId}/${attribute}`,
  importValue: name => `imported ${name}`,
  condition: name => name === 'IsLive',
  mapping: (map, first, second) => `${map}.${first}.${second}`,
}

function fail(name: string): never {
  throw new Error(`no ${name}`)
}

describe('intrinsic functions', () => {
  const cases: readonly (readonly [string, Json, Json])[] = [
    ['Ref', { Ref: 'Bucket' }, 'my-bucket'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Pool', 'ProviderURL'] }, 'Pool/ProviderURL'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Stack.Outputs.Name' }, 'Stack/Outputs.Name'],
    ['Fn::Join', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Region' }, ':', 7]] }, 'arn:us-east-1:7'],
    ['Fn::Join of a list parameter', { 'Fn::Join': ['-', { Ref: 'List' }] }, 'a-b'],
    ['Fn::Sub', { 'Fn::Sub': '${Bucket}/${Fn.Arn}/${!Literal}' }, 'my-bucket/Fn/Arn/${Literal}'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${x}-${Stage}', { x: { Ref: 'Bucket' } }] }, 'my-bucket-live'],
    ['Fn::Select', { 'Fn::Select': ['1', ['a', { Ref: 'Stage' }]] }, 'live'],
    ['Fn::Split', { 'Fn::Split': [':', 'a:b'] }, ['a', 'b']],
    [
      'Fn::Select of Fn::Split',
      { 'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['A', 'Url'] }] }] },
      'Url',
    ],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'shared:Name' }, 'imported shared:Name'],
    ['Fn::If', { 'Fn::If': ['IsLive', { Ref: 'Stage' }, 'no'] }, 'live'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['M', { Ref: 'Stage' }, 'k'] }, 'M.live.k'],
    ['Fn::Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['AWS::NoValue in an object', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    ['AWS::NoValue in a list', [1, { 'Fn::If': ['Not', 2, { Ref: 'AWS::NoValue' }] }], [1]],
    ['an object that only looks like a function', { Ref: 'Bucket', Other: 1 }, { Ref: 'Bucket', Other: 1 }],
  ]
  test.each(cases)('%s', (_name, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected)
  })

  test('an unknown function is refused by name', () => {
    expect(() => resolve({ 'Fn::Cidr': ['10.0.0.0/8'] }, scope)).toThrow('Fn::Cidr')
  })

  test.each([{ 'Fn::Join': 'no list' }, { 'Fn::Select': [9, ['a']] }, { 'Fn::GetAtt': ['OnlyOne'] }])(
    'a malformed argument is refused: %j',
    value => {
      expect(() => resolve(value, scope)).toThrow('does not take')
    },
  )
})

describe('conditions', () => {
  const cases: readonly (readonly [Json, boolean])[] = [
    [{ 'Fn::Equals': [{ Ref: 'Stage' }, 'live'] }, true],
    [{ 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Stage' }, 'live'] }] }, false],
    [{ 'Fn::And': [{ Condition: 'IsLive' }, { 'Fn::Equals': [1, 2] }] }, false],
    [{ 'Fn::Or': [{ Condition: 'IsLive' }, { 'Fn::Equals': [1, 2] }] }, true],
  ]
  test.each(cases)('%j is %s', (value, expected) => {
    expect(evaluateCondition(value, scope)).toBe(expected)
  })
})

test('references are found in Ref, Fn::GetAtt and Fn::Sub, at any depth', () => {
  const value: Json = {
    a: [{ Ref: 'One' }, { 'Fn::GetAtt': ['Two', 'Arn'] }],
    b: { 'Fn::Join': ['', [{ 'Fn::Sub': '${Three.Arn} ${!Not} ${Four}' }, { 'Fn::GetAtt': 'Five.Arn' }]] },
  }
  expect([...references(value)]).toEqual(['One', 'Two', 'Three', 'Four', 'Five'])
})
