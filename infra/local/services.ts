import type { LocalCloud, Service } from './contract.ts'
import type { SendToQueue } from './deliver.ts'
import { createAccountThrottle } from './http-front/account-throttle.ts'
import type { Iam } from './iam/iam.ts'
import { createApiGatewayService } from './services/apigateway/index.ts'
import { createHttpApiService } from './services/apigatewayv2/index.ts'
import { createCloudWatchService } from './services/cloudwatch/index.ts'
import { createCognitoService } from './services/cognito-idp/index.ts'
import { createDynamoDbService } from './services/dynamodb/index.ts'
import { createEventsService } from './services/events/index.ts'
import { createIamService } from './services/iam/index.ts'
import { createLambdaService } from './services/lambda/index.ts'
import { createLogsService } from './services/logs/index.ts'
import { createS3Service } from './services/s3/index.ts'
import { createSchedulerService } from './services/scheduler/index.ts'
import { createSecretsManagerService } from './services/secretsmanager/index.ts'
import { createSesService } from './services/ses/index.ts'
import { createSnsService } from './services/sns/index.ts'
import { createSqsService } from './services/sqs/index.ts'
import { createStatesService } from './services/states/index.ts'
import { createStsService } from './services/sts/index.ts'

export type Services = ReturnType<typeof createServices>

/** Every service of the local cloud. They reach each other only through the doors of `cloud`. */
export function createServices(
  cloud: LocalCloud,
  parts: {
    iam: Iam
    clockCells: SharedArrayBuffer
    apiPorts: Readonly<Record<string, number>>
    keyPropagationMs: number | undefined
    sendToQueue: SendToQueue
  },
) {
  const { iam, clockCells, apiPorts, keyPropagationMs, sendToQueue } = parts
  const ses = createSesService(cloud)
  const accountThrottle = createAccountThrottle(cloud.clock)
  return {
    apigateway: createApiGatewayService(cloud, {
      ports: apiPorts,
      accountThrottle,
      ...(keyPropagationMs === undefined ? {} : { propagationMs: keyPropagationMs }),
    }),
    apigatewayv2: createHttpApiService(cloud, { ports: apiPorts, accountThrottle }),
    cloudwatch: createCloudWatchService(cloud),
    cognito: createCognitoService(cloud, { sendMail: mail => ses.deliver(mail) }),
    dynamodb: createDynamoDbService(cloud),
    events: createEventsService(cloud),
    iam: createIamService(cloud.accountId, iam),
    lambda: createLambdaService(cloud, {
      clockCells,
      accessKeyFor: iam.accessKeyFor,
      canAssume: iam.canAssume,
      sendToQueue,
    }),
    logs: createLogsService(cloud),
    s3: createS3Service(cloud),
    scheduler: createSchedulerService(cloud),
    secretsmanager: createSecretsManagerService(cloud),
    ses,
    sns: createSnsService(cloud, { sendMail: mail => ses.deliver(mail) }),
    sqs: createSqsService(cloud),
    states: createStatesService(cloud),
    sts: createStsService(cloud),
  }
}

export function listServices(services: Services): Service[] {
  return Object.values(services)
}
