import type { Deployment as SdkDeployment } from '@aws-sdk/client-api-gateway'
import { epochSeconds, present, type Wire } from '../gateway.ts'
import type { Deployment } from '../state.ts'

export const deploymentView = (deployment: Deployment): Wire<SdkDeployment> =>
  present({
    id: deployment.id,
    description: deployment.description,
    createdDate: epochSeconds(deployment.createdAt),
  })
