import { AwsV4Signer } from 'aws4fetch'
import { ROOT_CREDENTIALS } from '../../options.ts'
import { FUNCTION_KEY, START } from '../../testing/serve.ts'

/** The header of somebody whose key nobody knows, and whose signature nobody looks at. */
export const asRoot = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIDLOCAL/20300101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
})

export type SignedRequest = {
  readonly service: string
  readonly method?: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly secretAccessKey?: string
  readonly sessionToken?: string
  /** Milliseconds from the local time. */
  readonly offsetMs?: number
  readonly presigned?: boolean
}

/** A request that the function signed. */
export async function signedByFunction(request: SignedRequest): Promise<{ url: string; init: RequestInit }> {
  const at = new Date(START + (request.offsetMs ?? 0)).toISOString().replace(/[:-]|\.\d{3}/g, '')
  const signer = new AwsV4Signer({
    method: request.method ?? 'POST',
    url: request.url,
    headers: { ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body }),
    accessKeyId: FUNCTION_KEY,
    secretAccessKey: request.secretAccessKey ?? ROOT_CREDENTIALS.secretAccessKey,
    sessionToken: request.sessionToken ?? ROOT_CREDENTIALS.secretAccessKey,
    service: request.service,
    region: 'us-east-1',
    datetime: at,
    signQuery: request.presigned === true,
    allHeaders: true,
  })
  const { method, url, headers, body } = await signer.sign()
  return { url: url.href, init: { method, headers, ...(body ? { body } : {}) } }
}
