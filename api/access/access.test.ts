import { describe, expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import { DAY_MS, MINUTE_MS, plusMs } from '#kernel/time'
import {
  ACCOUNT,
  billing,
  codeOf,
  createAccess,
  customer,
  free,
  OTHER_ACCOUNT,
  START,
  STARTER_LIMITS,
  starter,
  unwrap,
} from '../testing/builders.ts'
import { addKey } from './create-key.ts'
import { type ApiKey, newAccess } from './document.ts'
import { hashSecret, isSecret } from './key-format.ts'

const input = (name = 'server') => ({ accountId: ACCOUNT, name })
const later = plusMs(START, 2 * MINUTE_MS)

async function accountOnFree() {
  const access = createAccess()
  await unwrap(access.setEntitlement(free(), billing()))
  return access
}

describe('creating a key', () => {
  test('shows the secret once and stores its hash only', async () => {
    const access = await accountOnFree()
    const { key, secret } = await unwrap(access.createKey(input(), customer()))
    expect(isSecret(secret ?? '', 'test')).toBe(true)
    const stored = JSON.stringify(await access.table.query({ pk: `acct#${ACCOUNT}` }))
    expect(stored).toContain(hashSecret(secret ?? ''))
    expect(stored).not.toContain(secret)
    expect(JSON.stringify(await access.table.query({ pk: `audit#${ACCOUNT}` }))).not.toContain(secret)
    expect(await unwrap(access.listKeys({ accountId: ACCOUNT }, customer()))).toEqual({
      keys: [key],
      ready: true,
    })
  })

  test('before billing has opened the account says that it is being prepared', async () => {
    const access = createAccess()
    expect(await codeOf(access.createKey(input(), customer()))).toBe('account_not_ready')
    expect(await unwrap(access.listKeys({ accountId: ACCOUNT }, customer()))).toEqual({
      keys: [],
      ready: false,
    })
  })

  test('twice with one idempotency key makes one key and shows no second secret', async () => {
    const access = await accountOnFree()
    const submit = () => unwrap(access.createKey({ ...input(), idempotencyKey: 'form-1' }, customer()))
    const [first, second] = [await submit(), await submit()]
    expect(second).toEqual({ key: first.key, secret: null })
  })

  test('twenty times works and the next time is refused, also when all are sent at once', async () => {
    const access = await accountOnFree()
    const codes = []
    for (let n = 0; n < 21; n++) codes.push(await codeOf(access.createKey(input(`key ${n}`), customer())))
    expect(codes.filter(code => code === 'ok')).toHaveLength(20)
    expect(codes[20]).toBe('too_many_keys')
    const other = await accountOnFree()
    await Promise.all(
      Array.from({ length: 5 }, (_, n) => unwrap(other.createKey(input(`key ${n}`), customer()))),
    )
    const { keys } = await unwrap(other.listKeys({ accountId: ACCOUNT }, customer()))
    expect(keys).toHaveLength(5)
  })

  test('a revoked key makes room for another, and old revoked keys leave the document', () => {
    let access = { ...newAccess(ACCOUNT), entitlement: free() }
    const keyOf = (n: number): ApiKey => ({
      keyId: `key_${String(n).padStart(22, '0')}`,
      name: `key ${n}`,
      hash: `hash ${n}`,
      masked: 'masked',
      createdAt: plusMs(START, n),
      createdBy: 'user-1',
      revokedAt: plusMs(START, n),
      expiresAt: null,
    })
    for (let n = 0; n < 80; n++) {
      const added = addKey(access, keyOf(n), plusMs(START, DAY_MS))
      if (added.ok) access = { ...access, keys: added.value.next.keys }
    }
    expect(Object.keys(access.keys)).toHaveLength(50)
    expect(access.keys[keyOf(79).keyId]).toBeDefined()
    expect(access.keys[keyOf(0).keyId]).toBeUndefined()
  })
})

describe('revoking a key', () => {
  test('ends it, and a second time is refused', async () => {
    const access = await accountOnFree()
    const { key } = await unwrap(access.createKey(input(), customer()))
    const revoke = () => access.revokeKey({ accountId: ACCOUNT, keyId: key.keyId }, customer(later))
    expect((await unwrap(revoke())).key).toMatchObject({ status: 'revoked', revokedAt: later })
    expect(await codeOf(revoke())).toBe('key_already_revoked')
  })

  test('of nobody says that there is no such key', async () => {
    const access = await accountOnFree()
    const keyId = `key_${'0'.repeat(22)}`
    expect(await codeOf(access.revokeKey({ accountId: ACCOUNT, keyId }, customer()))).toBe('key_not_found')
  })
})

describe('actors', () => {
  test('a customer cannot tell another account from one that does not exist', async () => {
    const access = await accountOnFree()
    const eve = customer(START, OTHER_ACCOUNT)
    const calls = (accountId: string) =>
      Promise.all([
        access.listKeys({ accountId }, eve),
        access.createKey({ accountId, name: 'x' }, eve),
        access.revokeKey({ accountId, keyId: `key_${'0'.repeat(22)}` }, eve),
        access.getAccess({ accountId }, eve),
      ])
    const missing = ACCOUNT.replace(/.$/, 'z')
    expect(await calls(ACCOUNT)).toEqual(await calls(missing))
    for (const answer of await calls(ACCOUNT)) expect(answer).toMatchObject({ ok: false, code: 'not_found' })
  })

  test('only billing and operators command access', async () => {
    const access = await accountOnFree()
    for (const actor of [
      customer().actor,
      { kind: 'admin', userId: 'a' } as const,
      { kind: 'service', service: 'portal' } as const,
    ]) {
      const call = { ...customer(), actor }
      expect(await codeOf(access.setEntitlement(free({ version: 9 }), call))).toBe('forbidden')
      expect(await codeOf(access.ensureLimitSet({ limits: STARTER_LIMITS }, call))).toBe('forbidden')
      const hour = { hour: '2026-11-22T14', expectedUnits: 0, ledgerUnits: 1 }
      const repair = { accountId: ACCOUNT, segmentStart: START, ...hour }
      expect(await codeOf(access.repairCounter(repair, call))).toBe('forbidden')
    }
    expect(
      await codeOf(access.createKey(input(), { ...customer(), actor: { kind: 'admin', userId: 'a' } })),
    ).toBe('forbidden')
  })
})

describe('an entitlement', () => {
  test('is applied if newer; an older one changes nothing and hears what is in force', async () => {
    const access = await accountOnFree()
    expect(await unwrap(access.setEntitlement(starter(), billing()))).toEqual({
      version: 2,
      limitsInForce: true,
    })
    expect(await unwrap(access.setEntitlement(free(), billing()))).toMatchObject({ version: 2 })
    const { entitlement } = await unwrap(access.getAccess({ accountId: ACCOUNT }, billing()))
    expect(entitlement).toEqual(starter())
  })

  test('with a hard limit makes the counter; a newer one moves it', async () => {
    const access = await accountOnFree()
    const left = async () =>
      (await unwrap(access.getAccess({ accountId: ACCOUNT }, billing()))).counter?.leftUnits
    expect(await left()).toBe(1_000)
    const hardLimit = { units: 1_500, reason: 'quota', segment: { kind: 'calendar_month' } } as const
    await unwrap(access.setEntitlement(free({ version: 2, hardLimit }), billing()))
    expect(await left()).toBe(1_500)
  })

  test('sent again after a crash completes the counter', async () => {
    const access = await accountOnFree()
    const counter = await access.table.query({ pk: `counter#${ACCOUNT}` })
    for (const item of counter) await access.table.remove(item)
    await unwrap(access.setEntitlement(free(), billing()))
    expect(await access.table.query({ pk: `counter#${ACCOUNT}` })).toEqual(counter)
  })

  test('is written to the audit trail once', async () => {
    const access = await accountOnFree()
    await unwrap(access.setEntitlement(free(), billing()))
    const trail = await access.table.query({ pk: `audit#${ACCOUNT}` })
    expect(trail.map(({ action }) => action)).toEqual(['entitlement.changed'])
  })
})

describe('concurrent writers of one account', () => {
  test('lose nothing: keys and entitlement are both there', async () => {
    const access = createAccess(createMemoryTable())
    await unwrap(access.setEntitlement(free(), billing()))
    await Promise.all([
      unwrap(access.createKey(input('a'), customer())),
      unwrap(access.setEntitlement(starter(), billing())),
      unwrap(access.createKey(input('b'), customer())),
    ])
    const document = await access.store.load(ACCOUNT)
    expect(
      Object.values(document?.keys ?? {})
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['a', 'b'])
    expect(document?.entitlement).toEqual(starter())
  })
})
