import * as z from 'zod/mini'

/**
 * Reads a deployable's environment. Throws one error that lists every missing or malformed variable by name and prints
 * no values. Called at module scope of the `.lambda.ts` entries with the schema of that deployable's `config.ts`.
 */
export function readConfig<S extends z.ZodMiniType>(
  schema: S,
  env: Readonly<Record<string, string | undefined>> = process.env,
): z.output<S> {
  const parsed = z.safeParse(schema, env)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(
    issue => `${issue.path.join('.')}: ${issue.code === 'invalid_type' ? 'missing' : issue.code}`,
  )
  throw new Error(`The environment is not complete: ${problems.join('; ')}`)
}

/** A variable that must be there and not empty. */
export const required = z.string().check(z.minLength(1))

/** What the AWS SDKs read from the environment, for the kernel's own signed requests. */
export type AwsEnvironment = {
  readonly region: string
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
}

/**
 * Region, credentials and endpoint of one AWS service by the SDKs' rules: `AWS_ENDPOINT_URL_<SERVICE>` wins over
 * `AWS_ENDPOINT_URL`, which wins over the public endpoint
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html). Read per request, so that credentials
 * that the runtime renewed are used.
 */
export function readAwsEnvironment(
  service: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): AwsEnvironment {
  const variable = (name: string): string => {
    const value = env[name]
    if (!value) throw new Error(`The environment is not complete: ${name}: missing`)
    return value
  }
  const region = env.AWS_REGION || variable('AWS_DEFAULT_REGION')
  return {
    region,
    endpoint:
      env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ||
      env.AWS_ENDPOINT_URL ||
      `https://${service}.${region}.amazonaws.com`,
    accessKeyId: variable('AWS_ACCESS_KEY_ID'),
    secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
    sessionToken: env.AWS_SESSION_TOKEN || undefined,
  }
}
