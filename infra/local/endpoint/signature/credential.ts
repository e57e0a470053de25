import { ServiceError } from '../../contract.ts'
import type { HttpRequest } from '../http-request.ts'

/** What a request says of its signature, in the `Authorization` header or in a presigned query. */
export type Signed = {
  readonly presigned: boolean
  readonly algorithm: string
  readonly accessKeyId: string
  /** `20300101/us-east-1/dynamodb/aws4_request` */
  readonly scope: string
  readonly signingName: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** `20300101T000000Z` */
  readonly date: string
  readonly sessionToken: string | undefined
}

const PARAMETERS = ['Credential', 'Signature', 'SignedHeaders'] as const

/** `undefined` when the request is not signed. Throws `IncompleteSignatureException` when parts of it are missing. */
export function readSigned({ headers, query }: HttpRequest): Signed | undefined {
  const authorization = headers.authorization ?? ''
  const inQuery = query.has('X-Amz-Algorithm') || query.has('X-Amz-Credential')
  if (!authorization.startsWith('AWS4-') && !inQuery) return undefined
  const signed = inQuery ? fromQuery(query) : fromHeader(authorization, headers)
  if (typeof signed !== 'string') return signed
  throw new ServiceError('IncompleteSignatureException', signed, 403)
}

/** The service that a request was signed for, read as far as it can be. */
export function signedFor({ headers, query }: HttpRequest): string | undefined {
  const credential = query.get('X-Amz-Credential') ?? headers.authorization ?? ''
  return /\/([a-z0-9-]+)\/aws4_request/.exec(credential)?.[1]
}

function fromHeader(authorization: string, headers: HttpRequest['headers']): Signed | string {
  const [algorithm = '', ...rest] = authorization.split(' ')
  const given = new Map(
    rest
      .join(' ')
      .split(/\s*,\s*/)
      .map(
        part => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()] as const,
      ),
  )
  const missing = PARAMETERS.filter(name => !given.get(name))
  if (missing.length > 0) {
    const required = missing.map(name => `Authorization header requires '${name}' parameter.`)
    return `${required.join(' ')} Authorization=${authorization.slice(0, 500)}`
  }
  return complete({
    presigned: false,
    algorithm,
    credential: given.get('Credential') ?? '',
    signedHeaders: given.get('SignedHeaders') ?? '',
    signature: given.get('Signature') ?? '',
    date: headers['x-amz-date'] ?? '',
    sessionToken: headers['x-amz-security-token'],
  })
}

function fromQuery(query: URLSearchParams): Signed | string {
  const names = ['Algorithm', 'Credential', 'Signature', 'SignedHeaders', 'Date']
  const missing = names.filter(name => !query.get(`X-Amz-${name}`))
  if (missing.length > 0) {
    const required = missing.map(name => `AWS query-string parameters must include 'X-Amz-${name}'.`)
    return `${required.join(' ')} Re-examine the query-string parameters.`
  }
  return complete({
    presigned: true,
    algorithm: query.get('X-Amz-Algorithm') ?? '',
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
    signature: query.get('X-Amz-Signature') ?? '',
    date: query.get('X-Amz-Date') ?? '',
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
  })
}

type Given = Pick<Signed, 'presigned' | 'algorithm' | 'signature' | 'date' | 'sessionToken'> & {
  readonly credential: string
  readonly signedHeaders: string
}

function complete({ credential, signedHeaders, ...rest }: Given): Signed | string {
  const [accessKeyId = '', ...scope] = credential.split('/')
  const signingName = scope.at(-2)
  if (accessKeyId === '' || scope.length < 3 || !signingName) {
    return `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential.slice(0, 200)}'`
  }
  return {
    ...rest,
    accessKeyId,
    scope: scope.join('/'),
    signingName,
    signedHeaders: signedHeaders.toLowerCase().split(';'),
  }
}
