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
/**
 * The customer's job: on which days after the purchase it runs, and how many batches of a hundred contacts it has then.
 * The five runs of the month that closes take more than the 20,000 units that Starter includes, so that the invoice has
 * both of its tiers; the two after it are in the month that is still open.
 */
const RUNS = [
  { day: 0, batches: 31 },
  { day: 6, batches: 44 },
  { day: 13, batches: 58 },
  { day: 20, batches: 39 },
  { day: 27, batches: 52 },
  { day: 32, batches: 24 },
  { day: 34, batches: 17 },
] as const
/** Calls of the job at the same time. */
const CONNECTIONS = 3
/** More at once than Free's burst allows: the first script of somebody new is in a hurry. */
const HASTY_CALLS = 26

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
  await inParallel(HASTY_CALLS, i => customer.call('/v1/email', { email: `first.call${i}@example.com` }))
  await tollgate.clock.advanceTo(tollgate.clock.now() + 10 * 60_000)
  await customer.buy('starter')
  const boughtAt = tollgate.clock.now()
  for (const { day, batches } of RUNS) {
    await tollgate.clock.advanceTo(Math.max(boughtAt + day * DAY_MS, tollgate.clock.now()))
    await nightlyRun(customer, batches)
  }
  await tollgate.clock.advanceTo(Math.max(Date.now(), tollgate.clock.now()))
  return { key }
}

/** A nightly job of the customer's: batches of its new contacts, and now and then a mistake, which costs nothing. */
async function nightlyRun(customer: Customer, batches: number): Promise<void> {
  await inParallel(batches, i => customer.call('/v1/batch', batchOf(i === 0 ? 40 + batches : 100)))
  await customer.call('/v1/phone', { phone: '+44 20 7946 0958' })
  await customer.call('/v1/phone', { telephone: 'not a member' })
  await customer.call('/v1/batch', { checks: [] })
}

async function inParallel(count: number, call: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const connection = async () => {
    while (next < count) await call(next++)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, connection))
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
