import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { AwsClient, type AwsV4Signer } from 'aws4fetch'
import { type AwsEnvironment, readAwsEnvironment } from './config.ts'
import type { ObjectStore } from './object-store.ts'

/** S3 refused or could not be reached. `code` is S3's, or `NetworkError`. */
export class ObjectStoreError extends Error {
  readonly code: string
  constructor(what: string, code: string) {
    super(`S3 ${what} failed with ${code}`)
    this.name = 'ObjectStoreError'
    this.code = code
  }
}

/** 100, 200, 400 ms upper bounds with full jitter. */
const ATTEMPTS = 4
const FIRST_DELAY_MS = 100
/** A part of 5 MB takes a second; a connection that died while the runtime was frozen never answers. */
const ATTEMPT_TIMEOUT_MS = 15_000

/**
 * One bucket over S3's REST protocol, signed by `aws4fetch` (8 KB where the SDK's client is 700 KB). Keys in the path
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#path-style-access), so that the endpoint
 * may be any. Every body travels with its SHA-256, which S3 checks before it keeps it
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html). Lost connections, throttling
 * and 5xx are retried: all of it can be repeated. `get` of a missing object needs `s3:ListBucket` to be told from a
 * refusal.
 */
export function createS3ObjectStore(
  bucket: string,
  readEnvironment: () => AwsEnvironment = () => readAwsEnvironment('s3'),
  wait: (ms: number) => Promise<unknown> = pause,
): ObjectStore {
  const urlOf = (endpoint: string, key: string): URL =>
    new URL(`${endpoint}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`)

  const send = async (method: 'GET' | 'PUT', key: string, init: RequestInit): Promise<Response> => {
    for (let attempt = 1; ; attempt++) {
      const environment = readEnvironment()
      const sent = await clientOf(environment)
        .fetch(urlOf(environment.endpoint, key), {
          ...{ method, ...init },
          signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
        })
        .catch(() => undefined)
      if (sent && !isRepeatable(sent.status)) return sent
      await sent?.body?.cancel()
      if (attempt === ATTEMPTS)
        throw new ObjectStoreError(`${method} ${key}`, sent ? `Http${sent.status}` : 'NetworkError')
      await wait(Math.random() * FIRST_DELAY_MS * 2 ** (attempt - 1))
    }
  }

  return {
    async put(key, body, { contentType }) {
      const digest = createHash('sha256').update(body).digest()
      const answer = await send('PUT', key, {
        body: Buffer.from(body),
        headers: {
          'content-type': contentType,
          'x-amz-checksum-sha256': digest.toString('base64'),
          'x-amz-content-sha256': digest.toString('hex'),
        },
      })
      const text = await answer.text()
      if (!answer.ok) throw new ObjectStoreError(`PUT ${key}`, codeOf(text, answer.status))
    },

    async get(key) {
      const answer = await send('GET', key, {})
      const body = new Uint8Array(await answer.arrayBuffer())
      if (answer.ok) return body
      const code = codeOf(Buffer.from(body).toString('utf8'), answer.status)
      if (code === 'NoSuchKey') return undefined
      throw new ObjectStoreError(`GET ${key}`, code)
    },

    async presignGet(key, { expiresSeconds, fileName }) {
      const environment = readEnvironment()
      const url = urlOf(environment.endpoint, key)
      url.searchParams.set('X-Amz-Expires', String(expiresSeconds))
      url.searchParams.set('response-content-disposition', `attachment; filename="${fileName}"`)
      const signQuery = { signQuery: true } satisfies Partial<ConstructorParameters<typeof AwsV4Signer>[0]>
      return (await clientOf(environment).sign(url, { method: 'GET', aws: signQuery })).url
    },
  }
}

function clientOf({ endpoint: _, sessionToken, ...environment }: AwsEnvironment): AwsClient {
  const session = sessionToken === undefined ? {} : { sessionToken }
  return new AwsClient({ ...environment, ...session, service: 's3', retries: 0 })
}

const isRepeatable = (status: number): boolean => status === 429 || status >= 500

const codeOf = (xml: string, status: number): string =>
  /<Code>([A-Za-z0-9]+)<\/Code>/.exec(xml)?.[1] ?? `Http${status}`
