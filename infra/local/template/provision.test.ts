import { describe, expect, test } from 'vitest'
import { type ResourceProvider, UnsupportedError } from '../contract.ts'
import type { Stack, TemplateResource } from './assembly.ts'
import { ProvisioningError, type ProvisionRequest, provision } from './provision.ts'

const thing: ResourceProvider = ({ properties, logicalId }) => {
  if (properties.Odd !== undefined) throw new UnsupportedError(`Odd of Test::Thing`)
  return { ref: `ref-${logicalId}`, attributes: { Value: String(properties.Value ?? '') } }
}

function request(stacks: readonly Stack[], more: Partial<ProvisionRequest> = {}): ProvisionRequest {
  return {
    stacks,
    assemblyDir: '/nowhere',
    parameters: {},
    account: { region: 'us-east-1', accountId: '000000000000' },
    providers: { 'Test::Thing': thing },
    readSecret: async secretId => JSON.stringify({ key: `secret of ${secretId}` }),
    ...more,
  }
}

function stack(name: string, template: Stack['template']): Stack {
  return { artifactId: name, name, template }
}

test('exports of one stack are imported by the next', async () => {
  const shared = stack('shared', {
    Resources: { Bus: { Type: 'Test::Thing' } },
    Outputs: { Out: { Value: { Ref: 'Bus' }, Export: { Name: 'shared:Bus' } } },
  })
  const api = stack('api', {
    Resources: { User: { Type: 'Test::Thing', Properties: { Value: { 'Fn::ImportValue': 'shared:Bus' } } } },
    Outputs: { Got: { Value: { 'Fn::GetAtt': ['User', 'Value'] } } },
  })
  const { outputs } = await provision(request([shared, api]))
  expect(outputs).toEqual({ shared: { Out: 'ref-Bus' }, api: { Got: 'ref-Bus' } })
})

test('a parameter goes to each stack that declares it; without value and default it is a problem', async () => {
  const declares = (name: string) =>
    stack(name, {
      Parameters: { Stage: { Type: 'String' } },
      Resources: { A: { Type: 'Test::Thing', Properties: { Value: { Ref: 'Stage' } } } },
      Outputs: { Got: { Value: { 'Fn::GetAtt': ['A', 'Value'] } } },
    })
  const { outputs } = await provision(
    request([declares('a'), declares('b')], { parameters: { Stage: 'test' } }),
  )
  expect(outputs).toEqual({ a: { Got: 'test' }, b: { Got: 'test' } })
  await expect(provision(request([declares('a')]))).rejects.toThrow('a: parameter Stage has no value')
})

test('a parameter outside of its allowed values is a problem', async () => {
  const picky = stack('a', { Parameters: { Stage: { Type: 'String', AllowedValues: ['live', 'test'] } } })
  await expect(provision(request([picky], { parameters: { Stage: 'beta' } }))).rejects.toThrow('live, test')
})

test('a secret that a template refers to is read, the whole or a key of it', async () => {
  const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:stripe-AbCdEf'
  const secrets = stack('a', {
    Resources: {
      Whole: {
        Type: 'Test::Thing',
        Properties: { Value: `{{resolve:secretsmanager:${arn}:SecretString:::}}` },
      },
      Key: {
        Type: 'Test::Thing',
        Properties: { Value: '<{{resolve:secretsmanager:stripe:SecretString:key::}}>' },
      },
    },
    Outputs: {
      Whole: { Value: { 'Fn::GetAtt': ['Whole', 'Value'] } },
      Key: { Value: { 'Fn::GetAtt': ['Key', 'Value'] } },
    },
  })
  const { outputs } = await provision(request([secrets]))
  expect(outputs.a).toEqual({ Whole: `{"key":"secret of ${arn}"}`, Key: '<secret of stripe>' })
})

test('what depends on a refused resource is not reported again, and the rest is still checked', async () => {
  const bad = { Type: 'Test::Thing', Properties: { Odd: 1 } }
  const broken = stack('a', {
    Resources: {
      Bad: bad,
      Dependent: { Type: 'Test::Thing', Properties: { Value: { Ref: 'Bad' }, Odd: 2 } },
      AlsoBad: bad,
    },
    Outputs: { Out: { Value: { Ref: 'Bad' }, Export: { Name: 'bad' } } },
  })
  const importer = stack('b', {
    Resources: { User: { Type: 'Test::Thing', Properties: { Value: { 'Fn::ImportValue': 'bad' } } } },
  })
  const failure = await provision(request([broken, importer])).catch(error => error)
  expect(failure.problems).toHaveLength(2)
  expect(failure.message).toMatch(/a\/Bad .*Odd.*\n.*a\/AlsoBad .*Odd/)
})

test('a resource whose condition does not hold is left out', async () => {
  const conditional = stack('a', {
    Parameters: { Stage: { Type: 'String', Default: 'test' } },
    Conditions: { Live: { 'Fn::Equals': [{ Ref: 'Stage' }, 'live'] } },
    Resources: { OnlyLive: { Type: 'Test::Thing', Condition: 'Live' }, Always: { Type: 'Test::Thing' } },
  })
  const { resources } = await provision(request([conditional]))
  expect(resources.map(resource => resource.logicalId)).toEqual(['Always'])
})

describe('a start that cannot be', () => {
  const problemsOf = async (stacks: readonly Stack[], more: Partial<ProvisionRequest> = {}) => {
    const failure: unknown = await provision(request(stacks, more)).catch(error => error)
    return failure instanceof ProvisioningError ? failure.problems : failure
  }

  test('names every resource that is not supported, at once, and creates nothing', async () => {
    const made: string[] = []
    const counted: ResourceProvider = ({ logicalId }) => {
      made.push(logicalId)
      return { ref: logicalId }
    }
    const a = stack('a', {
      Resources: {
        Fine: { Type: 'Test::Thing' },
        Network: { Type: 'AWS::EC2::VPC' },
        Slow: { Type: 'Test::Thing', CreationPolicy: {} } as TemplateResource,
      },
    })
    const b = stack('b', {
      Parameters: { Stage: { Type: 'String' } },
      Resources: { Cache: { Type: 'AWS::ElastiCache::CacheCluster' } },
    })
    const c = stack('c', { Resources: { Other: { Type: 'toString' } } })
    const problems = await problemsOf([a, b, c], {
      providers: { 'Test::Thing': counted },
      parameters: { Unknown: 'x' },
    })
    expect(problems).toEqual([
      'no stack declares the parameter Unknown',
      expect.stringMatching(/^a\/Network: .*the resource type AWS::EC2::VPC/),
      expect.stringMatching(/^a\/Slow: .*CreationPolicy of Test::Thing/),
      'b: parameter Stage has no value and no default',
      expect.stringMatching(/^c\/Other: .*the resource type toString/),
    ])
    expect(made).toEqual([])
  })

  test.each([
    [
      'a section',
      { Transform: 'AWS::Serverless-2016-10-31' },
      'a: The local cloud does not support the template section Transform',
    ],
    ['a circle', { Resources: circle() }, 'a: Circular dependency between resources: [A, B, A]'],
    [
      'a condition',
      { Resources: { A: { Type: 'Test::Thing', Condition: 'No' } } },
      'a/A (Test::Thing): condition No',
    ],
    [
      'an output',
      { Outputs: { Url: { Value: { Ref: 'Nobody' } } } },
      'a, output Url: Ref to Nobody, which does not exist',
    ],
    [
      'an attribute',
      {
        Resources: {
          A: { Type: 'Test::Thing' },
          B: { Type: 'Test::Thing', Properties: { Value: { 'Fn::GetAtt': ['A', 'Size'] } } },
        },
      },
      'a/B (Test::Thing): The local cloud does not support the attribute Size of Test::Thing (A)',
    ],
  ])('says what is wrong with %s', async (_name, template, message) => {
    expect(await problemsOf([stack('a', template as Stack['template'])])).toEqual([
      expect.stringContaining(message),
    ])
  })

  test.each([
    ['Number', { Type: 'Number' }, 'x', 'must be a number, not "x"'],
    ['Number', { Type: 'Number', MaxValue: 5 }, '6', 'must be from -Infinity to 5, not 6'],
    ['String', { Type: 'String', MinLength: 2 }, 'x', 'must have 2 to Infinity letters, not 1'],
    ['String', { Type: 'String', AllowedPattern: '[a-z]+' }, 'X', 'must match [a-z]+, not "X"'],
    [
      'a list',
      { Type: 'CommaDelimitedList', AllowedValues: ['a', 'b'] },
      'a,c',
      'must be one of a, b, not "a,c"',
    ],
  ])('says what is wrong with a parameter: %s', async (_name, parameter, value, message) => {
    const one = stack('a', { Parameters: { P: parameter } })
    expect(await problemsOf([one], { parameters: { P: value } })).toEqual([`a: parameter P ${message}`])
  })
})

test('what a condition leaves out need not be supported', async () => {
  const conditional = stack('a', {
    Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
    Resources: { Network: { Type: 'AWS::EC2::VPC', Condition: 'Never' } },
  })
  expect((await provision(request([conditional]))).resources).toEqual([])
})

test('a parameter that is a list is one', async () => {
  const listed = stack('a', {
    Parameters: { Zones: { Type: 'CommaDelimitedList', Default: 'a, b' } },
    Outputs: { Second: { Value: { 'Fn::Select': [1, { Ref: 'Zones' }] } } },
  })
  expect((await provision(request([listed]))).outputs).toEqual({ a: { Second: 'b' } })
})

function circle(): Record<string, TemplateResource> {
  return { A: { Type: 'Test::Thing', DependsOn: 'B' }, B: { Type: 'Test::Thing', DependsOn: 'A' } }
}
