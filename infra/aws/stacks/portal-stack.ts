import { Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { EventBus } from 'aws-cdk-lib/aws-events'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import type { Construct } from 'constructs'
import type { MailerEnv, OutboxEnv, PortalEnv } from '../../../portal/config.ts'
import { acknowledge } from '../acknowledge.ts'
import { alarmsTo } from '../constructs/alarms.ts'
import { deadLetters } from '../constructs/dead-letters.ts'
import { ServiceFunction } from '../constructs/service-function.ts'
import { serviceTable } from '../constructs/service-table.ts'
import { onFacts, onSchedule } from '../constructs/triggers.ts'
import { APIS, EVENT_BUS, EVENT_SOURCES, STACKS, TABLES } from '../names.ts'
import { apiUrlParameter, mailFromParameter, portalUrlParameter } from '../parameters.ts'
import type { SharedStack } from './shared-stack.ts'

/** People: accounts, sessions, every page, every mail. */
export class PortalStack extends Stack {
  constructor(scope: Construct, props: StackProps & { shared: SharedStack }) {
    super(scope, STACKS.portal, props)
    const alarms = alarmsTo(props.shared.alarmTopic)
    const { userPool } = props.shared
    const table = serviceTable(this, 'Accounts', TABLES.portal, { outbox: true })
    const queue = deadLetters(this, 'tollgate-portal-dead-letters', alarms)
    const bus = EventBus.fromEventBusName(this, 'Bus', EVENT_BUS)
    const portalUrl = portalUrlParameter(this)

    const client = userPool.addClient('Portal', {
      userPoolClientName: 'tollgate-portal',
      generateSecret: true,
      authFlows: { userPassword: true },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      // Longer than a billing period, so that nobody is signed out in the middle of one (D10).
      refreshTokenValidity: Duration.days(180),
      disableOAuth: true,
    })
    const environment: PortalEnv = {
      PORTAL_TABLE: table.tableName,
      EVENT_BUS,
      ACCESS_FUNCTION: 'tollgate-access',
      BILLING_FUNCTION: 'tollgate-billing',
      USER_POOL_ID: userPool.userPoolId,
      USER_POOL_CLIENT_ID: client.userPoolClientId,
      USER_POOL_ISSUER: userPool.userPoolProviderUrl,
      PORTAL_URL: portalUrl,
      API_URL: apiUrlParameter(this),
    }
    const portal = new ServiceFunction(this, 'Portal', {
      name: 'portal',
      environment,
      alarms,
      memoryMb: 1024,
    })
    table.grant(portal.role, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query')
    bus.grantPutEventsTo(portal.role)
    portal.mayInvoke('access')
    portal.mayInvoke('billing')
    // The client secret is read at start instead of lying in an environment variable.
    userPool.grant(portal.role, 'cognito-idp:DescribeUserPoolClient')

    const httpApi = new HttpApi(this, 'HttpApi', {
      apiName: APIS.portal,
      defaultIntegration: new HttpLambdaIntegration('PortalIntegration', portal.function),
    })
    acknowledge(httpApi, {
      'AwsSolutions-APIG1': 'The portal logs requests itself, without addresses of people.',
      'AwsSolutions-APIG4': 'The portal checks sessions itself: its public pages need none.',
    })

    this.mail(table, alarms, queue, portalUrl)
    const outboxEnv: OutboxEnv = { PORTAL_TABLE: table.tableName, EVENT_BUS }
    const outbox = new ServiceFunction(this, 'Outbox', {
      name: 'portalOutbox',
      environment: outboxEnv,
      alarms,
    })
    table.grant(outbox.role, 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:Query')
    bus.grantPutEventsTo(outbox.role)
    onSchedule(this, 'OutboxSchedule', {
      scheduleName: 'tollgate-portal-outbox',
      schedule: ScheduleExpression.rate(Duration.minutes(5)),
      target: outbox.function,
      deadLetterQueue: queue,
    })
  }

  /** The only sender of mail besides Cognito. */
  private mail(
    table: ReturnType<typeof serviceTable>,
    alarms: ReturnType<typeof alarmsTo>,
    queue: ReturnType<typeof deadLetters>,
    portalUrl: string,
  ): void {
    const environment: MailerEnv = {
      PORTAL_TABLE: table.tableName,
      PORTAL_URL: portalUrl,
      MAIL_FROM: mailFromParameter(this),
    }
    const mailer = new ServiceFunction(this, 'SendMail', { name: 'sendMail', environment, alarms })
    table.grant(mailer.role, 'dynamodb:GetItem', 'dynamodb:PutItem')
    const identities = this.formatArn({ service: 'ses', resource: 'identity', resourceName: '*' })
    mailer.role.addToPolicy(new PolicyStatement({ actions: ['ses:SendEmail'], resources: [identities] }))
    acknowledge(mailer.role, {
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]':
        'The sender address is a parameter; its identity may be the address or its domain.',
    })
    onFacts(this, 'MailFacts', {
      ruleName: 'tollgate-send-mail',
      pattern: { source: [EVENT_SOURCES.billing] },
      target: mailer.function,
      deadLetterQueue: queue,
    })
  }
}
