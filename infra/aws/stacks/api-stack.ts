import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import {
  ApiKeySourceType,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway'
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import type { Construct } from 'constructs'
import { API_KEY_HEADER_PATTERN } from '#api/contract'
import type { AccessEnv, RequestPathEnv } from '../../../api/config.ts'
import { acknowledge } from '../acknowledge.ts'
import { type Alarms, alarmsTo } from '../constructs/alarms.ts'
import { deadLetters } from '../constructs/dead-letters.ts'
import { addGatewayResponses } from '../constructs/gateway-responses.ts'
import { ServiceFunction } from '../constructs/service-function.ts'
import { serviceTable } from '../constructs/service-table.ts'
import { onSchedule } from '../constructs/triggers.ts'
import { ACCESS_LOG_FORMAT } from '../constructs/usage-log.ts'
import { API_STAGE, APIS, LOG_GROUPS, STACKS, TABLES } from '../names.ts'
import { stageParameter } from '../parameters.ts'
import type { SharedStack } from './shared-stack.ts'

/** Usage lines and access lines can be fed through again for as long as these log groups keep them (D3). */
export const METERING_LOG_RETENTION = RetentionDays.TWO_MONTHS

/** Access: the metered REST API, its authorizer, keys and counters. */
export class ApiStack extends Stack {
  constructor(scope: Construct, props: StackProps & { shared: SharedStack }) {
    super(scope, STACKS.api, props)
    const alarms = alarmsTo(props.shared.alarmTopic)
    const table = serviceTable(this, 'Access', TABLES.access, { outbox: false })
    const requestPath: RequestPathEnv = {
      ACCESS_TABLE: table.tableName,
      KEY_STAGE: stageParameter(this) as 'live',
    }

    const authorizer = new ServiceFunction(this, 'Authorizer', {
      name: 'authorizer',
      environment: requestPath,
      alarms,
      timeout: Duration.seconds(5),
    })
    table.grant(authorizer.role, 'dynamodb:GetItem')

    const api = new ServiceFunction(this, 'Api', {
      name: 'api',
      environment: requestPath,
      alarms,
      // Far below the gateway's 29 s: a call that the client saw time out must not go on and be charged (D2).
      timeout: Duration.seconds(10),
      retention: METERING_LOG_RETENTION,
    })
    table.grant(api.role, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem')

    const restApi = this.restApi(api, authorizer, alarms)
    this.controlPlane(restApi, requestPath, table, alarms)
  }

  private restApi(
    api: ServiceFunction<RequestPathEnv>,
    authorizer: ServiceFunction<RequestPathEnv>,
    alarms: Alarms,
  ): RestApi {
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: LOG_GROUPS.access,
      retention: METERING_LOG_RETENTION,
    })
    const restApi = new RestApi(this, 'RestApi', {
      restApiName: APIS.api,
      apiKeySourceType: ApiKeySourceType.AUTHORIZER,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      deployOptions: {
        stageName: API_STAGE,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: ACCESS_LOG_FORMAT,
        metricsEnabled: true,
        tracingEnabled: false,
      },
    })
    // Usage plans made at run time point at the stage by name: it must outlive every change of this stack (D1).
    restApi.deploymentStage.applyRemovalPolicy(RemovalPolicy.RETAIN)

    const integration = new LambdaIntegration(api.function, { allowTestInvoke: false })
    const keys = new TokenAuthorizer(this, 'Keys', {
      handler: authorizer.function,
      validationRegex: API_KEY_HEADER_PATTERN,
      resultsCacheTtl: Duration.seconds(60),
    })
    restApi.root.addProxy({ anyMethod: false }).addMethod('ANY', integration, {
      authorizer: keys,
      authorizationType: AuthorizationType.CUSTOM,
      apiKeyRequired: true,
    })
    for (const path of ['health', 'openapi.json']) {
      const method = restApi.root.addResource(path).addMethod('GET', integration)
      acknowledge(method, {
        'AwsSolutions-APIG4': 'Keyless on purpose: it tells nothing about accounts.',
        'AwsSolutions-COG4': 'Keyless on purpose: it tells nothing about accounts.',
      })
    }
    addGatewayResponses(restApi)
    this.alarmOnServerErrors(restApi, alarms)
    acknowledge(restApi, {
      'AwsSolutions-APIG2':
        'Hono and its schemas validate requests, so that every refusal is a problem document with pointers.',
      'AwsSolutions-APIG3':
        'A web ACL costs a fixed sum a month; the owner adds one where abuse warrants it.',
      'AwsSolutions-APIG6': 'Execution logs would hold request bodies, which are personal data.',
      'AwsSolutions-COG4': 'Callers are machines with API keys; people sign in at the portal.',
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
        'The account-wide role that API Gateway itself needs for access logs; AWS maintains the policy.',
    })
    return restApi
  }

  private alarmOnServerErrors(restApi: RestApi, alarms: Alarms): void {
    new Alarm(this, 'ServerErrors', {
      alarmName: 'tollgate-gateway-5xx',
      alarmDescription: alarms.describe('gateway-5xx', APIS.api),
      metric: restApi.metricServerError({ period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(alarms.action)
  }

  /** Keys, entitlements and gateway keys: procedures and the job that keeps the warm pool. */
  private controlPlane(
    restApi: RestApi,
    requestPath: RequestPathEnv,
    table: ReturnType<typeof serviceTable>,
    alarms: Alarms,
  ): void {
    const environment: AccessEnv = {
      ...requestPath,
      REST_API_ID: restApi.restApiId,
      REST_API_STAGE: API_STAGE,
    }
    const access = new ServiceFunction(this, 'Procedures', { name: 'access', environment, alarms })
    const tendGatewayKeys = new ServiceFunction(this, 'TendGatewayKeys', {
      name: 'tendGatewayKeys',
      environment,
      alarms,
      timeout: Duration.seconds(55),
    })
    for (const { role } of [access, tendGatewayKeys]) {
      table.grant(
        role,
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:Query',
      )
      role.addToPolicy(this.gatewayKeyStatement())
      acknowledge(role, {
        'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:apigateway:<AWS::Region>::/apikeys/*]': KEYS_REASON,
        'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:apigateway:<AWS::Region>::/usageplans/*]':
          KEYS_REASON,
      })
    }
    onSchedule(this, 'TendGatewayKeysSchedule', {
      scheduleName: 'tollgate-tend-gateway-keys',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: tendGatewayKeys.function,
      deadLetterQueue: deadLetters(this, 'tollgate-api-dead-letters', alarms),
    })
  }

  /** Usage plans and keys are made at run time, one usage plan per limit set and one key per account. */
  private gatewayKeyStatement(): PolicyStatement {
    const arn = (path: string) =>
      this.formatArn({ service: 'apigateway', account: '', resource: '', resourceName: path })
    return new PolicyStatement({
      actions: ['apigateway:GET', 'apigateway:POST', 'apigateway:DELETE'],
      resources: [arn('apikeys'), arn('apikeys/*'), arn('usageplans'), arn('usageplans/*')],
    })
  }
}

const KEYS_REASON = 'Gateway keys and usage plans get their ids from API Gateway when they are made.'
