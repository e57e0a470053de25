import { expect, test } from 'vitest'
import { provisioningOrder } from './order.ts'

test('a resource comes after what it refers to and what it depends on', () => {
  const order = provisioningOrder({
    Stage: { Type: 'T', Properties: { Deployment: { Ref: 'Deployment' } } },
    Deployment: { Type: 'T', DependsOn: ['Method', 'OtherMethod'] },
    Method: {
      Type: 'T',
      Properties: { Uri: { 'Fn::Join': ['', ['x', { 'Fn::GetAtt': ['Function', 'Arn'] }]] } },
    },
    OtherMethod: { Type: 'T', DependsOn: 'Function', Properties: { Name: { Ref: 'AParameter' } } },
    Function: { Type: 'T' },
  })
  expect(order).toEqual(['Function', 'Method', 'OtherMethod', 'Deployment', 'Stage'])
})

test('a circle is refused and named', () => {
  const circle = {
    A: { Type: 'T', Properties: { b: { Ref: 'B' } } },
    B: { Type: 'T', DependsOn: 'A' },
  }
  expect(() => provisioningOrder(circle)).toThrow('[A, B, A]')
})
