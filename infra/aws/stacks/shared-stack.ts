import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import {
  AccountRecovery,
  Mfa,
  UserPool,
  UserPoolGroup,
  VerificationEmailStyle,
} from 'aws-cdk-lib/aws-cognito'
import { EventBus } from 'aws-cdk-lib/aws-events'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { PASSWORD_POLICY } from '#portal/contract'
import { acknowledge } from '../acknowledge.ts'
import { EVENT_BUS, STACKS } from '../names.ts'

/** What every service uses: the bus that carries facts, the people, where alarms go. */
export class SharedStack extends Stack {
  readonly userPool: UserPool
  readonly alarmTopic: Topic

  constructor(scope: Construct, props: StackProps) {
    super(scope, STACKS.shared, props)
    new EventBus(this, 'Bus', { eventBusName: EVENT_BUS })
    this.alarmTopic = new Topic(this, 'Alarms', { topicName: 'tollgate-alarms', enforceSSL: true })
    this.userPool = new UserPool(this, 'People', {
      userPoolName: 'tollgate',
      selfSignUpEnabled: true,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      standardAttributes: { email: { required: true, mutable: true } },
      passwordPolicy: { ...PASSWORD_POLICY, tempPasswordValidity: Duration.days(7) },
      mfa: Mfa.OFF,
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      userVerification: {
        emailStyle: VerificationEmailStyle.CODE,
        emailSubject: 'Your Tollgate code',
        emailBody: 'Your confirmation code is {####}. It is good for 24 hours.',
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    new UserPoolGroup(this, 'Admins', {
      userPool: this.userPool,
      groupName: 'admins',
      description: 'May use the admin console',
    })
    acknowledge(this.userPool, {
      'AwsSolutions-COG1':
        'Length and three character classes; symbols push people to weaker patterns (NIST SP 800-63B).',
      'AwsSolutions-COG2':
        'A developer portal asks for a password first; second factors are the owner’s choice.',
      'AwsSolutions-COG8': 'The Plus tier costs per user and is the owner’s choice.',
    })
  }
}
