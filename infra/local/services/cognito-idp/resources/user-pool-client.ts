import { randomInt } from 'node:crypto'
import { type ResourceProvider, ServiceError, UnsupportedError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Cognito, poolOf } from '../cognito.ts'
import { derivedName } from '../names.ts'
import type { UserPoolClient } from '../state.ts'

const KNOWN = [
  'AccessTokenValidity',
  'AllowedOAuthFlowsUserPoolClient',
  'ClientName',
  'EnableTokenRevocation',
  'ExplicitAuthFlows',
  'GenerateSecret',
  'IdTokenValidity',
  'PreventUserExistenceErrors',
  'RefreshTokenValidity',
  'SupportedIdentityProviders',
  'TokenValidityUnits',
  'UserPoolId',
]
const FLOWS = [
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_USER_AUTH',
]
const DEFAULT_FLOWS = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH']
const SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 }

/** `AWS::Cognito::UserPoolClient` without OAuth flows. The secret can be read as the attribute `ClientSecret`. */
export const userPoolClient =
  (cognito: Cognito): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, KNOWN)
    if (String(properties.AllowedOAuthFlowsUserPoolClient) === 'true')
      throw new UnsupportedError(`${type} with OAuth flows`)
    const pool = poolOf(cognito, properties.UserPoolId)
    const units = properties.TokenValidityUnits ?? {}
    const flows: string[] = properties.ExplicitAuthFlows ?? DEFAULT_FLOWS
    const unknown = flows.find(flow => !FLOWS.includes(flow))
    if (unknown !== undefined)
      throw new ServiceError(
        'InvalidParameterException',
        `${logicalId}: unknown ExplicitAuthFlows ${unknown}`,
      )
    const client: UserPoolClient = {
      id: derivedName([stackName, logicalId], 26),
      name: properties.ClientName ?? `${stackName}-${logicalId}`,
      poolId: pool.id,
      ...(String(properties.GenerateSecret) === 'true' ? { secret: createSecret() } : {}),
      flows,
      masksUserExistence: properties.PreventUserExistenceErrors === 'ENABLED',
      revocation: String(properties.EnableTokenRevocation ?? true) === 'true',
      accessTokenSeconds: validity(
        properties.AccessTokenValidity,
        units.AccessToken,
        'hours',
        3_600,
        [300, 86_400],
      ),
      idTokenSeconds: validity(properties.IdTokenValidity, units.IdToken, 'hours', 3_600, [300, 86_400]),
      refreshTokenSeconds: validity(
        properties.RefreshTokenValidity,
        units.RefreshToken,
        'days',
        30 * 86_400,
        [3_600, 3_650 * 86_400],
      ),
      createdAt: cognito.cloud.clock.now(),
    }
    pool.clients.set(client.id, client)
    return {
      ref: client.id,
      attributes: {
        ClientId: client.id,
        Name: client.name,
        ...(client.secret === undefined ? {} : { ClientSecret: client.secret }),
      },
    }
  }

/** In seconds. Refuses what Cognito refuses: access and ID tokens live 5 minutes to a day, refresh tokens an hour to ten years. */
function validity(
  value: unknown,
  unit: string | undefined,
  defaultUnit: string,
  fallback: number,
  range: [number, number],
): number {
  if (value === undefined) return fallback
  const seconds = Number(value) * (SECONDS[unit ?? defaultUnit] ?? Number.NaN)
  if (seconds >= range[0] && seconds <= range[1]) return seconds
  throw new ServiceError(
    'InvalidParameterException',
    `Invalid range for token validity: ${value} ${unit ?? defaultUnit}`,
  )
}

function createSecret(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length: 52 }, () => alphabet[randomInt(alphabet.length)]).join('')
}
