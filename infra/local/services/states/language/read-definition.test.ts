import { expect, test } from 'vitest'
import { InvalidDefinition } from './invalid-definition.ts'
import { readDefinition } from './read-definition.ts'

const one = (state: object) => ({ StartAt: 'S', States: { S: { End: true, ...state } } })
const choice = (Choices: unknown) => ({ StartAt: 'S', States: { S: { Type: 'Choice', Choices } } })
const task = (more: object) =>
  one({ Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f', ...more })

const mistakes: [what: string, definition: unknown, diagnosis: string, location: string][] = [
  ['no object', [], 'INVALID_JSON_DESCRIPTION', '/'],
  ['no states', { StartAt: 'S' }, 'SCHEMA_VALIDATION_FAILED', '/'],
  ['a start that is no state', { StartAt: 'toString', States: {} }, 'SCHEMA_VALIDATION_FAILED', '/'],
  ['an unknown type', one({ Type: 'constructor' }), 'SCHEMA_VALIDATION_FAILED', '/States/S'],
  ['Next and End', one({ Type: 'Pass', Next: 'S' }), 'SCHEMA_VALIDATION_FAILED', '/States/S'],
  [
    'two ways to wait',
    one({ Type: 'Wait', Seconds: 1, SecondsPath: '$.s' }),
    'SCHEMA_VALIDATION_FAILED',
    '/States/S/Seconds',
  ],
  ['a negative wait', one({ Type: 'Wait', Seconds: -1 }), 'SCHEMA_VALIDATION_FAILED', '/States/S/Seconds'],
  [
    'a time that is none',
    one({ Type: 'Wait', Timestamp: 'soon' }),
    'SCHEMA_VALIDATION_FAILED',
    '/States/S/Timestamp',
  ],
  [
    'a heartbeat above the timeout',
    task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }),
    'SCHEMA_VALIDATION_FAILED',
    '/States/S/HeartbeatSeconds',
  ],
  ['a retrier that is no object', task({ Retry: [null] }), 'SCHEMA_VALIDATION_FAILED', '/States/S/Retry'],
  [
    'a retrier without names',
    task({ Retry: [{ ErrorEquals: [] }] }),
    'SCHEMA_VALIDATION_FAILED',
    '/States/S/Retry',
  ],
  [
    'a shrinking backoff',
    task({ Retry: [{ ErrorEquals: ['E'], BackoffRate: 0.5 }] }),
    'SCHEMA_VALIDATION_FAILED',
    '/States/S/Retry',
  ],
  [
    'an unknown jitter',
    task({ Retry: [{ ErrorEquals: ['E'], JitterStrategy: 'SOME' }] }),
    'SCHEMA_VALIDATION_FAILED',
    '/States/S/Retry',
  ],
  [
    'a longest delay below the first',
    task({ Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 9, MaxDelaySeconds: 9 }] }),
    'SCHEMA_VALIDATION_FAILED',
    '/States/S/Retry',
  ],
  [
    'a catcher that leads nowhere',
    task({ Catch: [{ ErrorEquals: ['E'], Next: '__proto__' }] }),
    'MISSING_TRANSITION_TARGET',
    '/States/S/Next',
  ],
  [
    'a path that is none',
    one({ Type: 'Pass', InputPath: 'a' }),
    'SCHEMA_VALIDATION_FAILED',
    '/States/S/InputPath',
  ],
  [
    'a broken template',
    one({ Type: 'Pass', Parameters: { 'a.$': 5 } }),
    'SCHEMA_VALIDATION_FAILED',
    '/States/S/Parameters',
  ],
  ['no branches', one({ Type: 'Parallel', Branches: [] }), 'SCHEMA_VALIDATION_FAILED', '/States/S'],
  ['no choices', choice('x'), 'SCHEMA_VALIDATION_FAILED', '/States/S/Choices'],
  [
    'a rule without a variable',
    choice([{ IsNull: true, Next: 'S' }]),
    'SCHEMA_VALIDATION_FAILED',
    '/States/S/Choices',
  ],
  [
    'a name in two branches',
    one({ Type: 'Parallel', Branches: [one({ Type: 'Pass' })] }),
    'DUPLICATE_STATE_NAME',
    '/States/S/Branches[0]/States/S',
  ],
  [
    'a state that nothing leads to',
    { StartAt: 'S', States: { S: { Type: 'Succeed' }, Lost: { Type: 'Succeed' } } },
    'MISSING_TRANSITION_TARGET',
    '/States/Lost',
  ],
]

test.each(mistakes)('%s is refused, with the place', (_what, definition, diagnosis, location) => {
  const read = () => readDefinition(JSON.stringify(definition))
  expect(read).toThrow(InvalidDefinition)
  expect(read).toThrow(expect.objectContaining({ code: 'InvalidDefinition', diagnosis, location }))
})

test('a state may be named like a member of every object', () => {
  const text =
    '{"StartAt":"__proto__","States":{"__proto__":{"Type":"Pass","Next":"toString"},"toString":{"Type":"Succeed"}}}'
  expect(Object.keys(readDefinition(text).States)).toEqual(['__proto__', 'toString'])
})
