import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'

/** Sections of `infra/runbook.md`. A test keeps alarms and sections the same set. */
export const RUNBOOK_SECTIONS = [
  'function-errors',
  'workflow-failed',
  'dead-letters',
  'plan-drift',
  'gateway-5xx',
] as const
export type RunbookSection = (typeof RUNBOOK_SECTIONS)[number]

/** Where alarms go and how they name what to do. */
export type Alarms = {
  readonly action: IAlarmAction
  describe(section: RunbookSection, subject: string): string
}

export const alarmsTo = (topic: ITopic): Alarms => ({
  action: new SnsAction(topic),
  describe: (section, subject) => `${subject}. What to do: infra/runbook.md#${section}`,
})
