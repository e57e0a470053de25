import { Duration } from 'aws-cdk-lib'
import { EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Schedule, type ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { acknowledgeBelow } from '../acknowledge.ts'
import { EVENT_BUS } from '../names.ts'

/** Runs a function on facts from the bus; what it cannot take within a day goes to the dead letters. */
export function onFacts(
  scope: Construct,
  id: string,
  props: { ruleName: string; pattern: EventPattern; target: IFunction; deadLetterQueue: IQueue },
): Rule {
  return new Rule(scope, id, {
    ruleName: props.ruleName,
    eventBus: EventBus.fromEventBusName(scope, `${id}Bus`, EVENT_BUS),
    eventPattern: props.pattern,
    targets: [
      new LambdaFunction(props.target, {
        deadLetterQueue: props.deadLetterQueue,
        maxEventAge: Duration.hours(24),
        retryAttempts: 185,
      }),
    ],
  })
}

/**
 * Runs a level-triggered job: a dropped tick costs only freshness, so it is not retried. The slot is the job's "now"
 * (`{"scheduledAt": "2026-11-22T14:03:00Z"}`).
 */
export function onSchedule(
  scope: Construct,
  id: string,
  props: { scheduleName: string; schedule: ScheduleExpression; target: IFunction; deadLetterQueue: IQueue },
): Schedule {
  acknowledgeBelow(props.target, ':*', 'Invoking a function includes its versions.')
  return new Schedule(scope, id, {
    scheduleName: props.scheduleName,
    schedule: props.schedule,
    target: new LambdaInvoke(props.target, {
      deadLetterQueue: props.deadLetterQueue,
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
      input: ScheduleTargetInput.fromObject({ scheduledAt: '<aws.scheduler.scheduled-time>' }),
    }),
  })
}
