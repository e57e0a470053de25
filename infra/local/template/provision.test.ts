import { expect, test } from 'vitest'
import { type ResourceProvider, UnsupportedError } from '../contract.ts'
import type { Stack } from './assembly.ts'
import { type ProvisionRequest, provision } from './provision.ts'

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
