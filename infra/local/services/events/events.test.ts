import type { ListRulesResponse, PutEventsResponse } from '@aws-sdk/client-eventbridge'
import { describe, expect, test } from 'vitest'
import { call, fakeCloud, provision } from '../../testing/recording-cloud.ts'
import { createEventsService } from './index.ts'

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:starter'
const entry = {
  EventBusName: 'facts',
  Source: 'billing',
  DetailType: 'invoice.closed',
  Detail: '{"id":"in_1"}',
}

async function bus(target: Record<string, unknown> = {}) {
  const cloud = fakeCloud()
  const events = createEventsService(cloud)
  await provision(events, 'AWS::Events::EventBus', 'Bus', { Name: 'facts' })
  const rule = await provision(events, 'AWS::Events::Rule', 'Rule', {
    Name: 'on-close',
    EventBusName: 'facts',
    EventPattern: { source: ['billing'] },
    Targets: [{ Id: 'T', Arn: FUNCTION, ...target }],
  })
  const put = async (Entries: unknown[]) => {
    const answer = await call<PutEventsResponse>(events, 'PutEvents', { Entries })
    await cloud.clock.whenIdle()
    return answer
  }
  return { cloud, events, rule, put }
}

describe('an event that a rule matches', () => {
  test('reaches the target in its envelope, as events.amazonaws.com for that rule', async () => {
    const { cloud, rule, put } = await bus()
    const answer = await put([entry])
    expect(answer.FailedEntryCount).toBe(0)
    expect(rule.attributes?.Arn).toBe('arn:aws:events:us-east-1:000000000000:rule/facts/on-close')
    expect(cloud.delivered).toEqual([
      {
        arn: FUNCTION,
        principal: 'events.amazonaws.com',
        sourceArn: rule.attributes?.Arn,
        event: {
          version: '0',
          id: answer.Entries?.[0]?.EventId,
          'detail-type': 'invoice.closed',
          source: 'billing',
          account: '000000000000',
          time: '2026-01-01T00:00:00Z',
          region: 'us-east-1',
          resources: [],
          detail: { id: 'in_1' },
        },
      },
    ])
  })

  test.each([
    [{ InputPath: '$.detail' }, { id: 'in_1' }],
    [{ Input: '{"fixed":true}' }, { fixed: true }],
    [
      {
        InputTransformer: {
          InputPathsMap: { id: '$.detail.id' },
          InputTemplate: '{"a":<id>,"text":"the <id>"}',
        },
      },
      { a: 'in_1', text: 'the in_1' },
    ],
  ])('is shaped by %j', async (target, expected) => {
    const { cloud, put } = await bus(target)
    await put([entry])
    expect(cloud.delivered[0]?.event).toEqual(expected)
  })

  test('is listed among the recent events with its rule', async () => {
    const { events, put } = await bus()
    await put([entry, { ...entry, Source: 'portal' }])
    expect(events.recentEvents().map(({ event, rules }) => [event.source, rules])).toEqual([
      ['portal', []],
      ['billing', ['on-close']],
    ])
  })
})

describe('PutEvents', () => {
  test.each([
    [{ ...entry, Source: '' }, 'InvalidArgument'],
    [{ ...entry, DetailType: undefined }, 'InvalidArgument'],
    [{ ...entry, Detail: '{' }, 'MalformedDetail'],
    [{ ...entry, Detail: '[]' }, 'MalformedDetail'],
    [{ ...entry, Source: 'aws.s3' }, 'NotAuthorizedForSourceException'],
    [{ ...entry, EventBusName: 'nowhere' }, 'InvalidArgument'],
  ])('takes the good entries beside %j', async (bad, code) => {
    const { cloud, put } = await bus()
    const answer = await put([bad, entry])
    expect(answer.FailedEntryCount).toBe(1)
    expect(answer.Entries?.[0]?.ErrorCode).toBe(code)
    expect(cloud.delivered).toHaveLength(1)
  })

  test('refuses more than ten entries, more than 1 MB, and unknown members', async () => {
    const { put } = await bus()
    await expect(put(Array.from({ length: 11 }, () => entry))).rejects.toMatchObject({
      code: 'ValidationException',
    })
    await expect(put([{ ...entry, Detail: JSON.stringify({ x: 'x'.repeat(1_048_576) }) }])).rejects.toThrow(
      'over the limit',
    )
    await expect(put([{ ...entry, Colour: 'red' }])).rejects.toThrow('Colour')
  })
})

test('a rule with a schedule is refused: schedules belong to Scheduler', async () => {
  const { events } = await bus()
  const rule = { ScheduleExpression: 'rate(1 minute)', Targets: [] }
  await expect(provision(events, 'AWS::Events::Rule', 'Tick', rule)).rejects.toThrow(
    'AWS::Scheduler::Schedule',
  )
})

test('rules and targets are listed page by page, each once', async () => {
  const { events } = await bus()
  for (const Name of ['b', 'a', 'toString']) {
    await provision(events, 'AWS::Events::Rule', Name, {
      Name,
      EventBusName: 'facts',
      EventPattern: { source: ['x'] },
      Targets: [{ Id: 'T', Arn: FUNCTION }],
    })
  }
  const names: string[] = []
  let NextToken: string | undefined
  do {
    const page = await call<ListRulesResponse>(events, 'ListRules', {
      EventBusName: 'facts',
      Limit: 1,
      NextToken,
    })
    names.push(...(page.Rules ?? []).map(rule => rule.Name ?? ''))
    NextToken = page.NextToken
  } while (NextToken)
  expect(names).toEqual(['a', 'b', 'on-close', 'toString'])
  await expect(call(events, 'DescribeRule', { Name: 'constructor' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  })
})

test('a detail that is nested too deeply is malformed, and no target hears of it', async () => {
  const { cloud, put } = await bus()
  const answer = await put([{ ...entry, Detail: `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}` }])
  expect(answer.Entries?.[0]?.ErrorCode).toBe('MalformedDetail')
  expect(cloud.delivered).toEqual([])
})

test('a placeholder of an input transformer that the event does not have is empty', async () => {
  const InputTransformer = {
    InputPathsMap: { gone: '$.detail.gone', proto: '$.detail.constructor' },
    InputTemplate: '{"gone":<gone>,"proto":<proto>,"rule":<aws.events.rule-name>}',
  }
  const { cloud, put } = await bus({ InputTransformer })
  await put([entry])
  expect(cloud.delivered[0]?.event).toEqual({ gone: '', proto: '', rule: 'on-close' })
})

test('the event log survives a restart', async () => {
  const before = await bus()
  await before.put([entry])
  const kept: unknown = structuredClone(before.events.snapshot?.())
  const after = await bus()
  await after.events.restore?.(kept)
  await after.put([{ ...entry, DetailType: 'later' }])
  expect(after.events.recentEvents().map(({ event }) => event['detail-type'])).toEqual([
    'later',
    'invoice.closed',
  ])
})
