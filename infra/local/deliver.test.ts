import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryTarget, type Identity, ServiceError } from './contract.ts'
import { createDelivery } from './deliver.ts'
import { type FakeCloud, fakeCloud } from './testing/fake-cloud.ts'

const RULE = 'arn:aws:events:us-east-1:000000000000:rule/tollgate/starter'
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:starter'
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:close'
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:dead'
const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/other'
const ROLE = 'arn:aws:iam::000000000000:role/scheduler'
const events: Identity = { kind: 'service', principal: 'events.amazonaws.com', sourceArn: RULE }

let cloud: FakeCloud
let sent: unknown[]
let failures: ServiceError[]
let deliver: ReturnType<typeof createDelivery>

beforeEach(() => {
  sent = []
  failures = []
  const take = (call: unknown) => {
    const failure = failures.shift()
    if (failure) throw failure
    sent.push(call)
  }
  cloud = Object.assign(fakeCloud(), {
    invokeAsync: (arn: string, payload: string, identity: Identity) => take({ arn, payload, identity }),
    call: async (service: string, operation: string, input: unknown, identity: Identity) =>
      take({ service, operation, input, identity }),
  })
  deliver = createDelivery({
    cloud,
    canAssume: (role, principal, source) =>
      role === ROLE &&
      principal === 'scheduler.amazonaws.com' &&
      source?.endsWith(':schedule-group/default') === true,
    sendToQueue: (arn, body, attributes, sender) => void sent.push({ arn, body, attributes, sender }),
    receiveOnBus: (arn, event) => void sent.push({ arn, event }),
  })
})

const send = (target: Partial<DeliveryTarget> & { arn: string }, identity = events) =>
  deliver(target, { a: 1 }, identity)

describe('an event goes', () => {
  test('to a function as the calling service', async () => {
    await send({ arn: FUNCTION })
    expect(sent).toEqual([{ arn: FUNCTION, payload: '{"a":1}', identity: events }])
  })

  test('to a state machine as the role of the target, which must trust the caller', async () => {
    const scheduler: Identity = {
      kind: 'service',
      principal: 'scheduler.amazonaws.com',
      sourceArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly',
    }
    await send({ arn: MACHINE, roleArn: ROLE, input: '{"own":true}' }, scheduler)
    expect(sent).toEqual([
      {
        service: 'states',
        operation: 'StartExecution',
        input: { stateMachineArn: MACHINE, input: '{"own":true}' },
        identity: { kind: 'role', roleArn: ROLE, sessionName: 'scheduler' },
      },
    ])
    await send({ arn: MACHINE, roleArn: ROLE })
    expect(cloud.journaled[0]).toContain(`events.amazonaws.com is unable to assume ${ROLE}`)
    expect(sent).toHaveLength(1)
  })

  test('to a queue and to another bus', async () => {
    await send({ arn: QUEUE })
    await send({ arn: BUS })
    expect(sent).toEqual([
      { arn: QUEUE, body: '{"a":1}', attributes: {}, sender: events },
      { arn: BUS, event: { a: 1 } },
    ])
    expect(cloud.checked).toEqual([`events:PutEvents ${BUS}`])
  })
})

describe('a failure', () => {
  const denied = () => new ServiceError('AccessDeniedException', 'no', 403)
  const throttled = () => new ServiceError('TooManyRequestsException', 'later', 429)

  test('for good goes to the dead letters at once, with what, where and why', async () => {
    failures = [denied()]
    await send({ arn: FUNCTION, deadLetterArn: QUEUE })
    expect(sent).toEqual([
      {
        arn: QUEUE,
        body: '{"a":1}',
        attributes: {
          TARGET_ARN: FUNCTION,
          RULE_ARN: RULE,
          ERROR_CODE: 'AccessDeniedException',
          ERROR_MESSAGE: 'no',
          RETRY_ATTEMPTS: '0',
        },
        sender: events,
      },
    ])
  })

  test('for now is tried again on the local clock', async () => {
    failures = [throttled(), throttled()]
    await send({ arn: FUNCTION, deadLetterArn: QUEUE })
    await cloud.clock.advanceTo(cloud.clock.now() + 2_000)
    expect(sent).toEqual([])
    await cloud.clock.advanceTo(cloud.clock.now() + 1_000)
    expect(sent).toMatchObject([{ arn: FUNCTION }])
  })

  test.each([
    ['attempts', { maximumRetryAttempts: 1 }, 'MaximumRetryAttempts'],
    ['age', { maximumEventAgeSeconds: 2 }, 'MaximumEventAgeInSeconds'],
  ])('for now ends at the limit of %s', async (_name, limit, EXHAUSTED_RETRY_CONDITION) => {
    failures = Array.from({ length: 9 }, throttled)
    await send({ arn: FUNCTION, deadLetterArn: QUEUE, deadLetterAttributes: { SCHEDULE_ARN: 's' }, ...limit })
    await cloud.clock.advanceTo(cloud.clock.now() + 600_000)
    expect(failures).toHaveLength(7)
    expect(sent).toMatchObject([
      {
        arn: QUEUE,
        attributes: {
          ERROR_CODE: 'TooManyRequestsException',
          RETRY_ATTEMPTS: '1',
          EXHAUSTED_RETRY_CONDITION,
        },
      },
    ])
    expect(sent).toMatchObject([{ attributes: { SCHEDULE_ARN: 's' } }])
    expect(sent).not.toMatchObject([{ attributes: { RULE_ARN: RULE } }])
  })

  test('to write the dead letter reaches the journal and not the caller', async () => {
    failures = [denied()]
    const other = Object.assign(fakeCloud(), { invokeAsync: cloud.invokeAsync })
    const refusing = createDelivery({
      cloud: other,
      canAssume: () => false,
      sendToQueue: () => {
        throw denied()
      },
      receiveOnBus: () => undefined,
    })
    await refusing({ arn: FUNCTION, deadLetterArn: QUEUE }, {}, events)
    expect(other.journaled).toContainEqual(expect.stringContaining(`${QUEUE} did not take a dead letter`))
  })
})
