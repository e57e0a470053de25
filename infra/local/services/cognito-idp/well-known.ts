import type { HttpAnswer, LocalCloud } from '../../contract.ts'
import { issuerOf } from './cognito.ts'
import { jwksOf } from './jwt.ts'
import type { CognitoState } from './state.ts'

/** `/<pool id>/.well-known/jwks.json` and `openid-configuration`: what verifiers of tokens fetch. */
export function wellKnown(
  cloud: Pick<LocalCloud, 'endpointUrl'>,
  state: CognitoState,
  method: string,
  path: string,
): HttpAnswer | undefined {
  const [, poolId = '', document = ''] = /^\/([^/]+)\/\.well-known\/([\w.-]+)$/.exec(path) ?? []
  const pool = state.pools.get(poolId)
  if (!pool || method !== 'GET') return undefined
  if (document === 'jwks.json') return json(jwksOf(pool.signingKeys))
  if (document !== 'openid-configuration') return undefined
  const issuer = issuerOf(cloud, pool.id)
  return json({
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['public'],
  })
}

const json = (document: unknown): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=86400' },
  body: JSON.stringify(document),
})
