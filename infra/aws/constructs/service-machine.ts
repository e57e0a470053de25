import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import {
  Condition,
  DefinitionBody,
  Fail,
  type IChainable,
  JitterType,
  JsonPath,
  LogLevel,
  StateMachine,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions'
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks'
import { Construct } from 'constructs'
import { acknowledge, acknowledgeBelow } from '../acknowledge.ts'
import type { Alarms } from './alarms.ts'

/**
 * Error names are the literal `name` of what the step functions throw: the contract of Retry and Catch (D14). The
 * Lambda names are those AWS asks every task to retry
 * (https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html), and what a function that
 * timed out or died is reported as: every step may be repeated.
 */
const TRANSIENT_ERRORS = [
  'TransientError',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
  'States.Timeout',
]

export const outcomeIs = (...values: readonly string[]): Condition =>
  values.length === 1
    ? Condition.stringEquals('$.outcome', values[0] ?? '')
    : Condition.or(...values.map(value => Condition.stringEquals('$.outcome', value)))

/**
 * Tasks of one machine: each invokes the machine's step function with `{step, state}`; the answer replaces the state.
 * What is not transient ends in `onError` with the error under `$.error`.
 */
export function steps(
  scope: Construct,
  stepFunction: IFunction,
  onError?: IChainable,
): (name: string) => LambdaInvoke {
  acknowledgeBelow(stepFunction, ':*', VERSIONS_REASON)
  return name => {
    const task = new LambdaInvoke(scope, name, {
      lambdaFunction: stepFunction,
      payload: TaskInput.fromObject({ step: kebab(name), state: JsonPath.entirePayload }),
      outputPath: '$.Payload',
      taskTimeout: Timeout.duration(Duration.seconds(60)),
      retryOnServiceExceptions: false,
    })
    task.addRetry({
      errors: TRANSIENT_ERRORS,
      interval: Duration.seconds(2),
      backoffRate: 2,
      maxDelay: Duration.seconds(60),
      // Together longer than the lease that a holder which died leaves behind, however the jitter falls.
      maxAttempts: 14,
      jitterStrategy: JitterType.FULL,
    })
    if (onError) task.addCatch(onError, { errors: ['States.ALL'], resultPath: '$.error' })
    return task
  }
}

/** Fails the execution with the error that a task ended in. */
export const failWithCause = (scope: Construct, id: string): Fail =>
  new Fail(scope, id, { errorPath: '$.error.Error', causePath: '$.error.Cause' })

const VERSIONS_REASON = 'Invoking a function includes its versions.'

const kebab = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()

/** A machine with its log group and an alarm on failed executions. */
export class ServiceMachine extends Construct {
  readonly machine: StateMachine

  constructor(
    scope: Construct,
    id: string,
    props: { name: string; definition: IChainable; timeout: Duration; alarms: Alarms },
  ) {
    super(scope, id)
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: props.name,
      definitionBody: DefinitionBody.fromChainable(props.definition),
      timeout: props.timeout,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          logGroupName: `/aws/vendedlogs/states/${props.name}`,
          retention: RetentionDays.THREE_MONTHS,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
      tracingEnabled: true,
    })
    acknowledge(this.machine, {
      'AwsSolutions-IAM5[Resource::*]': 'Log delivery and tracing of state machines have no resource level.',
    })
    new Alarm(this, 'Failed', {
      alarmName: `${props.name}-failed`,
      alarmDescription: props.alarms.describe('workflow-failed', props.name),
      metric: this.machine.metricFailed({ period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(props.alarms.action)
  }
}
