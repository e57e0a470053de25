import { z } from 'zod'
import { ServiceError, UnsupportedError } from '../../contract.ts'
import { choice, text } from '../../input/members.ts'
import { invalidParameter } from './errors.ts'
import { poolId } from './members.ts'
import { count, flag } from './pool-members.ts'
import { secondsOf } from './sessions.ts'
import type { ClientSettings, UserPool, Validity } from './state.ts'

const unit = z.optional(choice('seconds', 'minutes', 'hours', 'days'))
const HOUR = 3_600
const DAY = 86_400

/** What `CreateUserPoolClient` and `AWS::Cognito::UserPoolClient` say of a client; without OAuth flows. */
export const clientMembers = {
  UserPoolId: poolId,
  ClientName: z.optional(text({ min: 1, max: 128, pattern: String.raw`[\w\s+=,.@-]+` })),
  GenerateSecret: z.optional(flag),
  ExplicitAuthFlows: z.optional(
    z.array(
      choice(
        'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        'ALLOW_CUSTOM_AUTH',
        'ALLOW_REFRESH_TOKEN_AUTH',
        'ALLOW_USER_AUTH',
        'ALLOW_USER_PASSWORD_AUTH',
        'ALLOW_USER_SRP_AUTH',
      ),
    ),
  ),
  PreventUserExistenceErrors: z.optional(choice('LEGACY', 'ENABLED')),
  EnableTokenRevocation: z.optional(flag),
  AccessTokenValidity: z.optional(count(1, DAY)),
  IdTokenValidity: z.optional(count(1, DAY)),
  RefreshTokenValidity: z.optional(count(0, 315_360_000)),
  TokenValidityUnits: z.optional(z.strictObject({ AccessToken: unit, IdToken: unit, RefreshToken: unit })),
  AuthSessionValidity: z.optional(count(3, 15)),
  RefreshTokenRotation: z.optional(
    z.strictObject({
      Feature: choice('ENABLED', 'DISABLED'),
      RetryGracePeriodSeconds: z.optional(count(0, 60)),
    }),
  ),
  AllowedOAuthFlowsUserPoolClient: z.optional(flag),
  SupportedIdentityProviders: z.optional(z.array(z.string())),
}

const given = z.strictObject(clientMembers)
type Given = z.infer<typeof given>

const DEFAULT_FLOWS = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH']

/** Access and ID tokens live five minutes to a day, refresh tokens an hour to ten years. */
export function clientSettings(what: string, name: string, pool: UserPool, client: Given): ClientSettings {
  if (client.AllowedOAuthFlowsUserPoolClient) throw new UnsupportedError(`${what} with OAuth flows`)
  const flows: string[] = client.ExplicitAuthFlows ?? DEFAULT_FLOWS
  if (pool.tier === 'LITE' && flows.includes('ALLOW_USER_AUTH'))
    throw new ServiceError(
      'FeatureUnavailableInTierException',
      'The feature ALLOW_USER_AUTH is not available in the LITE tier.',
    )
  const units = client.TokenValidityUnits ?? {}
  const rotation = client.RefreshTokenRotation
  const rotates = rotation?.Feature === 'ENABLED'
  return {
    name,
    flows,
    masksUserExistence: client.PreventUserExistenceErrors === 'ENABLED',
    revocation: client.EnableTokenRevocation ?? true,
    accessTokenValidity: validity(ONE_HOUR, 'hours', client.AccessTokenValidity, units.AccessToken),
    idTokenValidity: validity(ONE_HOUR, 'hours', client.IdTokenValidity, units.IdToken),
    refreshTokenValidity: validity(THIRTY_DAYS, 'days', client.RefreshTokenValidity, units.RefreshToken),
    authSessionMinutes: client.AuthSessionValidity ?? 3,
    ...(rotates ? { rotationGraceSeconds: rotation.RetryGracePeriodSeconds ?? 0 } : {}),
  }
}

type Kind = { readonly unless: Validity; readonly least: number; readonly most: number }

const ONE_HOUR: Kind = { unless: { value: 60, unit: 'minutes' }, least: 300, most: DAY }
const THIRTY_DAYS: Kind = { unless: { value: 30, unit: 'days' }, least: HOUR, most: 3_650 * DAY }

function validity(
  { unless, least, most }: Kind,
  defaultUnit: Validity['unit'],
  value: number | undefined,
  unit: Validity['unit'] = defaultUnit,
): Validity {
  if (!value) return unless
  const seconds = secondsOf({ value, unit })
  if (seconds >= least && seconds <= most) return { value, unit }
  throw invalidParameter(`Invalid range for token validity: ${value} ${unit}`)
}
