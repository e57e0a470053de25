import { afterEach, expect, test, vi } from 'vitest'
import { usageLineSchema } from '#api/contract'
import { instant } from '#kernel/time'
import { ACCOUNT, START } from '../testing/builders.ts'
import { KEY_ID } from '../testing/requests.ts'
import { createUsagePrinter } from './usage-line.ts'

const event = {
  id: 'JKJaXmPLvHcESHA=',
  account: ACCOUNT,
  key: KEY_ID,
  route: 'POST /v1/batch',
  units: 42,
  status: 200,
  usedAt: START,
  durationMs: 7,
}

afterEach(() => vi.restoreAllMocks())

function print(...lines: readonly (typeof event)[]): string[] {
  const written: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation(chunk => {
    written.push(String(chunk))
    return true
  })
  const printUsage = createUsagePrinter()
  for (const line of lines) printUsage({ ...line, usedAt: instant(line.usedAt), planId: 'starter' })
  return written
}

test('the usage line is one line that parses to the event it was printed for', () => {
  const written = print(event)
  expect(written).toHaveLength(1)
  expect(usageLineSchema.parse(JSON.parse(written[0] ?? ''))).toEqual(event)
})

test('the usage line is a CloudWatch metric with low-cardinality dimensions', () => {
  const line = JSON.parse(print(event)[0] ?? '')
  expect(line._aws.CloudWatchMetrics).toEqual([
    {
      Namespace: 'Tollgate',
      Dimensions: [['service', 'route', 'plan']],
      Metrics: [
        { Name: 'calls', Unit: 'Count' },
        { Name: 'units', Unit: 'Count' },
      ],
    },
  ])
  expect(line).toMatchObject({
    service: 'api',
    plan: 'starter',
    route: 'POST /v1/batch',
    calls: 1,
    units: 42,
  })
})

test('a call that costs nothing is printed too, and nothing of one line reaches the next', () => {
  const written = print(event, { ...event, id: 'second', units: 0, status: 429 })
  expect(written).toHaveLength(2)
  const second = usageLineSchema.parse(JSON.parse(written[1] ?? ''))
  expect(second).toEqual({ ...event, id: 'second', units: 0, status: 429 })
})
