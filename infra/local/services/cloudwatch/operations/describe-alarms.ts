import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { choice, integer, list, text } from '../../../input/members.ts'
import type { Alarm, CloudWatchOperation } from '../cloudwatch.ts'

const MAX_RECORDS = 100
const STATE = 'INSUFFICIENT_DATA'
const name = text({ min: 1, max: 255 })

/** docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const input = z.strictObject({
  AlarmNames: z.optional(list(name, { max: 100 })),
  AlarmNamePrefix: z.optional(name),
  AlarmTypes: z.optional(z.array(choice('CompositeAlarm', 'MetricAlarm'))),
  StateValue: z.optional(choice('OK', 'ALARM', 'INSUFFICIENT_DATA')),
  ActionPrefix: z.optional(text({ min: 1, max: 1_024 })),
  MaxRecords: z.optional(integer(1, MAX_RECORDS)),
  NextToken: z.optional(z.string()),
})

/** The templates' alarms by name. None has ever had a value to judge, so all are in the state they were made in. */
export const describeAlarms: CloudWatchOperation<typeof input, object> = {
  input,
  run({ cloud, alarms }, query, context) {
    context.authorize(
      'cloudwatch:DescribeAlarms',
      `arn:aws:cloudwatch:${cloud.region}:${cloud.accountId}:alarm:*`,
    )
    if (query.AlarmNames && query.AlarmNamePrefix !== undefined) {
      throw new ServiceError('ValidationError', 'AlarmNamePrefix and AlarmNames are mutually exclusive')
    }
    const { MaxRecords = MAX_RECORDS, NextToken } = query
    const after = NextToken === undefined ? '' : readToken(NextToken)
    const found = [...alarms.values()]
      .filter(alarm => matches(alarm, query) && alarm.name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const page = found.slice(0, MaxRecords)
    const last = page.at(-1)
    return {
      MetricAlarms: page.map(describe),
      CompositeAlarms: [],
      ...(last && page.length < found.length
        ? { NextToken: Buffer.from(`after ${last.name}`).toString('base64url') }
        : {}),
    }
  },
}

function matches({ name, settings }: Alarm, query: z.infer<typeof input>): boolean {
  const { AlarmNames, AlarmNamePrefix = '', AlarmTypes = ['MetricAlarm'], StateValue = STATE } = query
  const actions = [settings.AlarmActions].flat().map(String)
  return (
    (AlarmNames?.includes(name) ?? true) &&
    name.startsWith(AlarmNamePrefix) &&
    AlarmTypes.includes('MetricAlarm') &&
    StateValue === STATE &&
    (query.ActionPrefix === undefined || actions.some(action => action.startsWith(query.ActionPrefix ?? '')))
  )
}

function readToken(token: string): string {
  const found = /^after (.+)$/s.exec(Buffer.from(token, 'base64url').toString())
  if (found?.[1] === undefined) throw new ServiceError('InvalidNextToken', 'The next token is invalid.')
  return found[1]
}

function describe(alarm: Alarm) {
  const madeAt = new Date(alarm.createdAt)
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: madeAt,
    ...alarm.settings,
    StateValue: STATE,
    StateReason: 'Unchecked: Initial alarm creation',
    StateUpdatedTimestamp: madeAt,
    StateTransitionedTimestamp: madeAt,
  }
}
