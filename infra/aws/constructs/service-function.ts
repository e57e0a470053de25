import { ArnFormat, Duration, Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { FUNCTIONS_DIR } from '../bundle.ts'
import { FUNCTIONS, type FunctionName } from '../names.ts'
import type { Alarms } from './alarms.ts'

export type ServiceFunctionProps<Env extends Readonly<Record<string, string>>> = {
  readonly name: FunctionName
  /** Must satisfy the input type of the deployable's `config.ts`. */
  readonly environment: Env
  readonly alarms: Alarms
  readonly timeout?: Duration
  readonly memoryMb?: number
  readonly retention?: RetentionDays
}

/** A bundled function with its own least-privilege role, its log group and an alarm on errors. */
export class ServiceFunction<Env extends Readonly<Record<string, string>>> extends Construct {
  readonly function: LambdaFunction
  readonly logGroup: LogGroup
  readonly role: Role

  constructor(scope: Construct, id: string, props: ServiceFunctionProps<Env>) {
    super(scope, id)
    const functionName = FUNCTIONS[props.name]
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: props.retention ?? RetentionDays.ONE_MONTH,
    })
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    this.logGroup.grantWrite(this.role)
    this.function = new LambdaFunction(this, 'Function', {
      functionName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(`${FUNCTIONS_DIR}/${functionName}`),
      handler: 'index.handler',
      role: this.role,
      logGroup: this.logGroup,
      timeout: props.timeout ?? Duration.seconds(30),
      memorySize: props.memoryMb ?? 512,
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.environment },
    })
    new Alarm(this, 'Errors', {
      alarmName: `${functionName}-errors`,
      alarmDescription: props.alarms.describe('function-errors', functionName),
      metric: this.function.metricErrors({ period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(props.alarms.action)
  }

  /** May call the procedures of another service's function, by name: no reference across stacks. */
  mayInvoke(name: FunctionName): void {
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn(this, name)] }),
    )
  }
}

export const functionArn = (scope: Construct, name: FunctionName): string =>
  Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: FUNCTIONS[name],
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
