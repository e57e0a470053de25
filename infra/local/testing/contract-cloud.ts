import { AwsClient } from 'aws4fetch'
import { startLocalCloud } from '../cloud.ts'
import { DEFAULT_REGION, ROOT_CREDENTIALS } from '../options.ts'
import { freePorts, writeAssembly } from './assembly.ts'
import { ON_AWS } from './contract-target.ts'

export type ContractCloud = {
  /** Of the local AWS endpoint; empty on AWS, where nothing is started. */
  readonly endpoint: string
  /** Moves the local clock. */
  advance(ms: number): Promise<void>
  putLogs(group: string, stream: string, messages: readonly string[]): void
  stop(): Promise<void>
}

/**
 * The local cloud with one template, for a contract suite; `apiNames` are the APIs that it serves. On AWS the suite makes
 * what it needs itself.
 */
export async function contractCloud(
  template: unknown,
  apiNames: readonly string[] = [],
): Promise<ContractCloud> {
  if (ON_AWS) return { endpoint: '', advance: onlyHere, putLogs: onlyHere, stop: async () => undefined }
  const assembly = writeAssembly([{ name: 'contract', template }])
  const [aws = 0, console = 0, stripe = 0, ...apiPorts] = await freePorts(3 + apiNames.length)
  const { clock, cloud, urls, stop } = await startLocalCloud({
    assemblyDir: assembly.dir,
    parameters: {},
    clock: { mode: 'live', startAt: Date.UTC(2026, 0, 1) },
    ports: {
      aws,
      console,
      stripe,
      apis: Object.fromEntries(apiNames.map((name, i) => [name, apiPorts[i] ?? 0])),
    },
  })
  return {
    endpoint: urls.aws,
    advance: ms => clock.advanceTo(clock.now() + ms),
    putLogs: (group, stream, messages) =>
      cloud.putLogs(
        group,
        stream,
        messages.map(message => ({ timestamp: clock.now(), message })),
      ),
    async stop() {
      await stop()
      assembly.remove()
    },
  }
}

function onlyHere(): never {
  throw new Error('only the local cloud can do that')
}

/** A name of this run's own, so that runs on one AWS account do not meet. */
export const ownName = (what: string): string => `tollgate-contract-${what}-${Date.now().toString(36)}`

/** A setting that the suite cannot do without on AWS. */
export function fromEnvironment(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`On AWS this suite needs ${name}`)
  return value
}

/** Signed requests to a service for which no SDK client is at hand. Answers status and JSON. */
export function signedFetch(service: string, host: string, endpoint: string) {
  const region = ON_AWS ? fromEnvironment('AWS_REGION') : DEFAULT_REGION
  const credentials = ON_AWS
    ? {
        accessKeyId: fromEnvironment('AWS_ACCESS_KEY_ID'),
        secretAccessKey: fromEnvironment('AWS_SECRET_ACCESS_KEY'),
        sessionToken: process.env.AWS_SESSION_TOKEN ?? '',
      }
    : ROOT_CREDENTIALS
  const client = new AwsClient({ ...credentials, service, region, retries: 0 })
  const origin = ON_AWS ? `https://${host}.${region}.amazonaws.com` : endpoint
  return async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await client.fetch(`${origin}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
  }
}
