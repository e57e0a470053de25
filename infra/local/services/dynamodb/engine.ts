import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import dynalite from 'dynalite'
import { RawResponse } from '../../contract.ts'

export type DynamoEngine = {
  /** Runs one operation; the answer has DynamoDB's status, headers and body. */
  run(operation: string, input: unknown): Promise<RawResponse>
  stop(): Promise<void>
}

/** Bodies are checked by dynalite; the endpoint has read who signed. These only satisfy its header checks. */
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
}

/** DynamoDB in memory, in this process: dynalite's request listener is called directly, without a socket. */
export function createDynamoEngine(): DynamoEngine {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 })
  const [handle] = server.listeners('request') as RequestListener[]
  if (!handle) throw new Error('dynalite has no request listener')

  const run = (operation: string, input: unknown): Promise<RawResponse> =>
    new Promise((resolve, reject) => {
      const request = fakeRequest(operation, JSON.stringify(input))
      const response = fakeResponse(resolve)
      try {
        handle.call(server, request as unknown as IncomingMessage, response as unknown as ServerResponse)
        request.start()
      } catch (error) {
        reject(error)
      }
    })

  return {
    run,
    stop: () => new Promise(resolve => server.close(() => resolve())),
  }
}

/** As much of an `IncomingMessage` as dynalite reads. */
function fakeRequest(operation: string, body: string) {
  const listeners = new Map<string, (value?: unknown) => void>()
  return {
    method: 'POST',
    url: '/',
    headers: { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` },
    on: (event: string, listener: (value?: unknown) => void) => void listeners.set(event, listener),
    removeAllListeners: () => listeners.clear(),
    start() {
      listeners.get('data')?.(Buffer.from(body))
      listeners.get('end')?.()
    },
  }
}

/** As much of a `ServerResponse` as dynalite writes. */
function fakeResponse(resolve: (answer: RawResponse) => void) {
  const headers: Record<string, string> = {}
  return {
    statusCode: 200,
    setHeader(name: string, value: unknown) {
      const lower = name.toLowerCase()
      if (lower !== 'content-length') headers[lower] = String(value)
    },
    end(body: string | undefined) {
      resolve(new RawResponse(this.statusCode, headers, body ?? ''))
    },
  }
}
