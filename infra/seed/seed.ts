import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Tollgate } from '../launch.ts'
import { batchOf, Customer } from './customer.ts'

export const DEMO_DEVELOPER = { email: 'dev@tollgate.example', password: 'Correct-horse-7' } as const
export const DEMO_ADMIN = { email: 'admin@tollgate.example', password: 'Correct-horse-8' } as const
/** How far back the seeded story starts: a whole month, its close a day later, and some days of the next one. */
export const SEED_DAYS = 35
const DAY_MS = 86_400_000
/** Days after the purchase on which the customer's job runs: five in the month that closes, two in the one after. */
const RUN_DAYS = [0, 6, 13, 20, 27, 32, 34]

export type Seeded = { readonly key: string }

/**
 * A developer with a month of usage and a closed invoice, told through the product's own doors: sign-up and purchase in
 * the portal, calls at the gateway, time on the clock. Ends at the wall time of its own end.
 */
export async function seed(tollgate: Tollgate): Promise<Seeded> {
  await createAdmin(tollgate)
  const places = { portalUrl: tollgate.portalUrl, apiUrl: tollgate.apiUrl, consoleUrl: tollgate.urls.console }
  const customer = new Customer(places, DEMO_DEVELOPER.email, DEMO_DEVELOPER.password)
  await customer.signUp()
  await tollgate.clock.whenIdle()
  const key = await customer.createKey('Production')
  await customer.call('/v1/email', { email: 'first.call@example.com' })
  await tollgate.clock.advanceTo(tollgate.clock.now() + 10 * 60_000)
  await customer.buy('starter')
  const boughtAt = tollgate.clock.now()
  for (const [run, day] of RUN_DAYS.entries()) {
    await tollgate.clock.advanceTo(Math.max(boughtAt + day * DAY_MS, tollgate.clock.now()))
    await nightlyRun(customer, run)
  }
  await tollgate.clock.advanceTo(Math.max(Date.now(), tollgate.clock.now()))
  return { key }
}

/** A nightly job of the customer's: batches of its new contacts, and now and then a mistake. */
async function nightlyRun(customer: Customer, run: number): Promise<void> {
  for (let i = 0; i < 6; i += 1) await customer.call('/v1/batch', batchOf(100 - ((run * 7 + i * 13) % 60)))
  await customer.call('/v1/phone', { phone: '+44 20 7946 0958' })
  if (run % 3 === 0) await customer.call('/v1/phone', { telephone: 'not a member' })
}

export async function createAdmin(tollgate: Tollgate): Promise<void> {
  const cognito = new CognitoIdentityProviderClient(tollgate.aws)
  const { UserPools = [] } = await cognito.send(new ListUserPoolsCommand({ MaxResults: 10 }))
  const UserPoolId = UserPools[0]?.Id
  const user = { UserPoolId, Username: DEMO_ADMIN.email }
  await cognito.send(
    new AdminCreateUserCommand({
      ...user,
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: DEMO_ADMIN.email },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  )
  await cognito.send(
    new AdminSetUserPasswordCommand({ ...user, Password: DEMO_ADMIN.password, Permanent: true }),
  )
  await cognito.send(new AdminAddUserToGroupCommand({ ...user, GroupName: 'admins' }))
}
