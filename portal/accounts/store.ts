import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { type DomainEvent, withEvents } from '#kernel/outbox'
import { accountIdSchema, instantSchema } from '#kernel/schemas'
import { isNew, type Table, type TableKey } from '#kernel/table'
import type { Instant } from '#kernel/time'

/** A customer as the portal knows it. `userId` is the founder's Cognito `sub`. */
export const accountSchema = z.object({
  accountId: accountIdSchema,
  userId: z.string(),
  email: z.string(),
  createdAt: instantSchema,
})
export type Account = z.output<typeof accountSchema>

const signUpSchema = z.object({ userId: z.string(), at: instantSchema })
export type SignUp = z.output<typeof signUpSchema>

export const accountKey = (accountId: string): TableKey => ({ pk: `account#${accountId}`, sk: 'account' })
/** Hashed, so that addresses appear in one kind of item only. */
const signUpKey = (email: string): TableKey => ({
  pk: `signup#${createHash('sha256').update(email).digest('hex')}`,
  sk: 'signup',
})

/** Accounts under `account#<id>`; sign-ups that wait for their code under `signup#<hash of the address>`. */
export type AccountStore = ReturnType<typeof createAccountStore>

export function createAccountStore(table: Table) {
  return {
    async get(accountId: string): Promise<Account | undefined> {
      const item = await table.get(accountKey(accountId))
      return item && z.parse(accountSchema, item)
    },

    /** Writes the account together with its event. False when it exists already. */
    add: (account: Account, event: DomainEvent): Promise<boolean> =>
      table.put(
        { ...account, ...withEvents(account.createdAt, [event]), ...accountKey(account.accountId) },
        isNew,
      ),

    /** Whose code is on its way to this address. Confirming asks for the address and answers no `sub`. */
    async rememberSignUp(email: string, userId: string, at: Instant): Promise<void> {
      await table.put({ userId, at, ...signUpKey(email) })
    },

    async findSignUp(email: string): Promise<SignUp | undefined> {
      const item = await table.get(signUpKey(email))
      return item && z.parse(signUpSchema, item)
    },
  }
}
