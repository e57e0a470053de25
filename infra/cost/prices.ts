import type { Price } from './money.ts'

const MILLION = 1_000_000n
const GB = 2n ** 30n
const TB = 1_024n
/** One GB for one second, counted in MB·ms. */
const GB_SECOND = 1_024n * 1_000n

/** A tier that the source of its price was not read for. */
const unread = { standing: 'unverified' } as const
const flat = (usd: string) => [{ upTo: null, usd }]
const read = { asOf: '2026-11-22' }

/** Logs that Lambda and other services write for us; since May 2025 in tiers. 1 TB = 1,024 GB. */
const LOG_TIERS = [
  { upTo: 10n * TB, usd: '0.50' },
  { upTo: 30n * TB, usd: '0.25' },
  { upTo: 50n * TB, usd: '0.10' },
  { upTo: null, usd: '0.05' },
]

/** AWS list prices in US East (N. Virginia), on demand, without free tiers, discounts and taxes. */
export const PRICES = {
  restRequests: {
    ...{ unit: '1 million requests', per: MILLION, asOf: '2026-09-20', standing: 'published' },
    tiers: [
      { upTo: 333n, usd: '3.50' },
      { upTo: 1_000n, usd: '2.80' },
      { upTo: 20_000n, usd: '2.38' },
      { upTo: null, usd: '1.51' },
    ],
    source:
      'https://docs.aws.amazon.com/whitepapers/latest/best-practices-api-gateway-private-apis-integration/cost-optimization.html',
  },
  httpRequests: {
    ...{ unit: '1 million requests', per: MILLION, ...read, standing: 'published' },
    tiers: [
      { upTo: 300n, usd: '1.00' },
      { upTo: null, usd: '0.90' },
    ],
    source:
      'https://docs.aws.amazon.com/whitepapers/latest/best-practices-api-gateway-private-apis-integration/cost-optimization.html',
  },
  lambdaRequests: {
    ...{ unit: '1 million requests', per: MILLION, tiers: flat('0.20'), ...read, standing: 'quoted' },
    source: 'https://cloudchipr.com/blog/aws-lambda-pricing',
  },
  // AWS publishes the later tiers as 10 % and 20 % less: https://aws.amazon.com/blogs/compute/introducing-tiered-pricing-for-aws-lambda/
  lambdaArm: {
    ...{ unit: 'GB-second', per: GB_SECOND, ...read, standing: 'quoted' },
    tiers: [
      { upTo: 7_500_000_000n, usd: '0.0000133334' },
      { upTo: 18_750_000_000n, usd: '0.0000120001' },
      { upTo: null, usd: '0.0000106667', ...unread },
    ],
    source: 'https://cloudchipr.com/blog/aws-lambda-pricing',
  },
  lambdaX86: {
    ...{ unit: 'GB-second', per: GB_SECOND, ...read, standing: 'quoted' },
    tiers: [
      { upTo: 6_000_000_000n, usd: '0.0000166667' },
      { upTo: 15_000_000_000n, usd: '0.000015' },
      { upTo: null, usd: '0.000013334' },
    ],
    source: 'https://cloudchipr.com/blog/aws-lambda-pricing',
  },
  lambdaLogs: {
    ...{ unit: 'GB', per: GB, tiers: LOG_TIERS, ...read, standing: 'quoted' },
    source: 'https://www.duckbillgroup.com/?p=9080',
  },
  // AWS does not say whether API Gateway's access logs get the tiers of vended logs; this is the dearer reading.
  accessLogs: {
    ...{ unit: 'GB', per: GB, tiers: flat('0.50'), ...read, standing: 'quoted' },
    source: 'https://hykell.com/kb/platform-specific-guides/aws-cloudwatch-logs-pricing',
  },
  vendedLogs: {
    // The page says that these are vended logs, and no price.
    ...{ unit: 'GB', per: GB, tiers: LOG_TIERS, ...read, standing: 'unverified' },
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  },
  logStorage: {
    ...{ unit: 'GB-month, compressed', per: GB, tiers: flat('0.03'), ...read, standing: 'quoted' },
    source: 'https://hykell.com/kb/platform-specific-guides/aws-cloudwatch-logs-pricing',
  },
  metrics: {
    ...{ unit: 'metric-month', per: 1n, ...read, standing: 'quoted' },
    tiers: [
      { upTo: 10_000n, usd: '0.30' },
      { upTo: 250_000n, usd: '0.10', ...unread },
      { upTo: 1_000_000n, usd: '0.05', ...unread },
      { upTo: null, usd: '0.02', ...unread },
    ],
    source: 'https://signoz.io/guides/cloudwatch-pricing',
  },
  alarms: {
    ...{ unit: 'alarm-month', per: 1n, tiers: flat('0.10'), ...read, standing: 'unverified' },
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  tableWrites: {
    ...{ unit: '1 million write units', per: MILLION, tiers: flat('0.625'), ...read, standing: 'quoted' },
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  },
  tableReads: {
    ...{ unit: '1 million read units', per: MILLION, tiers: flat('0.125'), ...read, standing: 'quoted' },
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  },
  tableStorage: {
    ...{ unit: 'GB-month', per: GB, tiers: flat('0.25'), ...read, standing: 'published' },
    source: 'https://aws.amazon.com/dynamodb/pricing/',
  },
  tableBackup: {
    ...{ unit: 'GB-month', per: GB, tiers: flat('0.20'), ...read, standing: 'unverified' },
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand',
  },
  schedules: {
    ...{ unit: '1 million invocations', per: MILLION, tiers: flat('1.00'), ...read, standing: 'unverified' },
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  busEvents: {
    ...{ unit: '1 million events', per: MILLION, tiers: flat('1.00'), ...read, standing: 'unverified' },
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  transitions: {
    ...{ unit: '1,000 state transitions', per: 1_000n, tiers: flat('0.025'), ...read, standing: 'published' },
    source: 'https://aws.amazon.com/step-functions/pricing/',
  },
  secrets: {
    ...{ unit: 'secret-month', per: 1n, tiers: flat('0.40'), ...read, standing: 'quoted' },
    source: 'https://hivebook.wiki/wiki/aws-secrets-manager-rotated-secrets-dynamic-db-credentials-kms',
  },
  secretReads: {
    ...{ unit: '10,000 calls', per: 10_000n, tiers: flat('0.05'), ...read, standing: 'quoted' },
    source: 'https://hivebook.wiki/wiki/aws-secrets-manager-rotated-secrets-dynamic-db-credentials-kms',
  },
  objectStorage: {
    ...{ unit: 'GB-month', per: GB, tiers: flat('0.023'), ...read, standing: 'unverified' },
    source: 'https://aws.amazon.com/s3/pricing/',
  },
  objectWrites: {
    ...{ unit: '1,000 requests', per: 1_000n, tiers: flat('0.005'), ...read, standing: 'unverified' },
    source: 'https://aws.amazon.com/s3/pricing/',
  },
  people: {
    ...{ unit: 'monthly active user', per: 1n, asOf: '2026-09-20', standing: 'published' },
    // The first 10,000 of Essentials, the default tier, are free for good.
    tiers: [
      { upTo: 10_000n, usd: '0' },
      { upTo: null, usd: '0.015' },
    ],
    source: 'https://aws.amazon.com/cognito/pricing/',
  },
  dataOut: {
    ...{ unit: 'GB to the internet', per: GB, ...read, standing: 'unverified' },
    tiers: [
      { upTo: 10n * TB, usd: '0.09' },
      { upTo: 50n * TB, usd: '0.085' },
      { upTo: 150n * TB, usd: '0.07' },
      { upTo: null, usd: '0.05' },
    ],
    source: 'https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer',
  },
} as const satisfies Record<string, Price>
export type PriceName = keyof typeof PRICES
