import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'
import type { SigningKey, UserPool } from './state.ts'

export type Claims = Readonly<Record<string, unknown>>

/** One key for ID tokens and one for access tokens, as every user pool has; the work is done off the main thread. */
export async function createSigningKeys(): Promise<UserPool['signingKeys']> {
  const [id, access] = await Promise.all([createSigningKey(), createSigningKey()])
  return { id, access }
}

async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const { kty = 'RSA', n = '', e = '' } = publicKey.export({ format: 'jwk' })
  return {
    kid: randomBytes(33).toString('base64'),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicJwk: { kty, n, e },
  }
}

/** The pool's `/.well-known/jwks.json`. */
export const jwksOf = ({ id, access }: UserPool['signingKeys']) => ({
  keys: [id, access].map(key => ({ alg: 'RS256', use: 'sig', kid: key.kid, ...key.publicJwk })),
})

export function signJwt(key: SigningKey, claims: Claims): string {
  const head = `${encode({ kid: key.kid, alg: 'RS256' })}.${encode(claims)}`
  return `${head}.${sign('sha256', Buffer.from(head), createPrivateKey(key.privateKeyPem)).toString('base64url')}`
}

/** The claims of a token with a good signature, expired or not; otherwise `undefined`. */
export function readJwt(key: SigningKey, token: string): Claims | undefined {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.')
  const publicKey = createPublicKey({ key: key.publicJwk as JsonWebKey, format: 'jwk' })
  if (
    rest.length > 0 ||
    !verify('sha256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))
  ) {
    return undefined
  }
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
