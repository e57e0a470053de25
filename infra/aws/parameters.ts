import { CfnParameter } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** CloudFormation parameters: what differs between deployments. The local cloud sets them like any other deployment. */
export const stageParameter = (scope: Construct): string =>
  new CfnParameter(scope, 'Stage', {
    type: 'String',
    allowedValues: ['live', 'test'],
    default: 'live',
    description: 'Prefix of API keys: tg_live_… or tg_test_…',
  }).valueAsString

export const stripeApiUrlParameter = (scope: Construct): string =>
  new CfnParameter(scope, 'StripeApiUrl', {
    type: 'String',
    default: 'https://api.stripe.com',
    description: 'Base URL of the Stripe API',
  }).valueAsString

export const portalUrlParameter = (scope: Construct): string =>
  new CfnParameter(scope, 'PortalUrl', {
    type: 'String',
    description: 'Public base URL of the developer portal, without a trailing slash',
  }).valueAsString

export const apiUrlParameter = (scope: Construct): string =>
  new CfnParameter(scope, 'ApiUrl', {
    type: 'String',
    description: 'Public base URL of the metered API, without a trailing slash; shown in examples',
  }).valueAsString

export const mailFromParameter = (scope: Construct): string =>
  new CfnParameter(scope, 'MailFrom', {
    type: 'String',
    description: 'Verified SES sender address of the portal',
  }).valueAsString
