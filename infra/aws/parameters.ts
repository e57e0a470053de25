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

/** How long calls go on after the first failed payment, and how long after that the subscription is ended. */
export const paymentPolicyParameters = (scope: Construct) => {
  const days = (id: string, byDefault: number, minValue: number, description: string) =>
    new CfnParameter(scope, id, { type: 'Number', default: byDefault, minValue, maxValue: 90, description })
      .valueAsString
  return {
    PAYMENT_GRACE_DAYS: days('PaymentGraceDays', 7, 0, 'Days from a failed payment until calls are refused'),
    PAYMENT_CANCEL_DAYS: days('PaymentCancelDays', 14, 1, 'Days from then until the subscription is ended'),
  }
}

export const automaticTaxParameter = (scope: Construct): string =>
  new CfnParameter(scope, 'AutomaticTax', {
    type: 'String',
    allowedValues: ['true', 'false'],
    default: 'false',
    description: 'Whether Stripe Tax computes tax on new subscriptions; set it up in Stripe first',
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
