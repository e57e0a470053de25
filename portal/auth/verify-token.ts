import { JwtVerifier } from 'aws-jwt-verify'
import { FetchError, JwtBaseError } from 'aws-jwt-verify/error'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'
import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt'
import * as z from 'zod/mini'

/** Who a valid ID token speaks of. */
export type TokenUser = {
  readonly userId: string
  readonly email: string
  readonly groups: readonly string[]
}

/** The user of a valid ID token of this pool and client; undefined for any other token. Throws when keys cannot be had. */
export type VerifyToken = (idToken: string) => Promise<TokenUser | undefined>

/** Claims: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html */
const claimsSchema = z.object({
  sub: z.string(),
  token_use: z.literal('id'),
  email: z.string(),
  'cognito:groups': z.optional(z.array(z.string())),
})

/**
 * Verifies ID tokens of one issuer. The issuer is the pool's provider URL, its keys lie under it; they are fetched with
 * `fetch` and kept, because the library's own fetcher speaks `https` only and computes the address of AWS.
 */
export function createTokenVerifier(issuer: string, clientId: string): VerifyToken {
  const verifier = JwtVerifier.create(
    { issuer, audience: clientId, jwksUri: `${issuer}/.well-known/jwks.json` },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchKeys } }) },
  )
  return async idToken => {
    try {
      const claims = z.safeParse(claimsSchema, await verifier.verify(idToken))
      if (!claims.success) return undefined
      const { sub, email, 'cognito:groups': groups = [] } = claims.data
      return { userId: sub, email, groups }
    } catch (error) {
      if (error instanceof JwtBaseError && !(error instanceof FetchError)) return undefined
      throw error
    }
  }
}

async function fetchKeys(uri: string): Promise<ArrayBuffer> {
  const answer = await fetch(uri, { signal: AbortSignal.timeout(3_000) })
  if (!answer.ok) throw new FetchError(uri, `status ${answer.status}`)
  return answer.arrayBuffer()
}

const usernameSchema = z.object({ 'cognito:username': z.string() })

/**
 * The pool's own name of a user, read from a token that may have expired. Not proof of anything: refreshing needs it
 * for the secret hash, and the new token is verified.
 */
export function usernameOf(idToken: string): string | undefined {
  try {
    const claims = z.safeParse(usernameSchema, decomposeUnverifiedJwt(idToken).payload)
    return claims.success ? claims.data['cognito:username'] : undefined
  } catch {
    return undefined
  }
}
