import { UnsupportedError } from '../contract.ts'

const LOG_WRITER = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']

/** AWS's own policies that CDK attaches, as AWS publishes them. */
const MANAGED: Readonly<Record<string, unknown>> = {
  'service-role/AWSLambdaBasicExecutionRole': allow(LOG_WRITER),
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': allow([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'logs:PutLogEvents',
    'logs:GetLogEvents',
    'logs:FilterLogEvents',
  ]),
  AWSXRayDaemonWriteAccess: allow([
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ]),
}

/** The document behind `arn:aws:iam::aws:policy/…`. */
export function managedPolicy(arn: string): unknown {
  const name = /^arn:aws:iam::aws:policy\/(.+)$/.exec(arn)?.[1]
  const document = name === undefined ? undefined : MANAGED[name]
  if (!document) throw new UnsupportedError(`the managed policy ${arn}`)
  return document
}

function allow(actions: readonly string[]): unknown {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] }
}
