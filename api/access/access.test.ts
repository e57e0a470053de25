import { describe, expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import { DAY_MS, MINUTE_MS, plusMs } from '#kernel/time'
import {
  ACCOUNT,
  billing,
  codeOf,
  createAccess,
  customer,
  FREE_LIMITS,
  free,
  OTHER_ACCOUNT,
  START,
  STARTER_LIMITS,
  starter,
  unwrap,
} from '../testing/builders.ts'
import { addKey } from './create-key.ts'
import { type ApiKey, newAccess } from './document.ts'
import { hashSecret, isSecret, maskSecret } from './key-format.ts'
import { createMemoryGateway } from './memory-gateway.ts'
import { reserve } from './reserve.ts'

const input = (name = 'server') => ({ accountId: ACCOUNT, name })
const later = plusMs(START, 2 * MINUTE_MS)

async function accountOnFree() {
  const access = createAccess()
  await unwrap(access.setEntitlement(free(), billing()))
  return access
}

const byAction = (a: Record<string, unknown>, b: Record<string, unknown>) =>
  String(a.action).localeCompare(String(b.action))

describe('creating a key', () => {
  test('shows the secret once and stores its hash only', async () => {
    const access = await accountOnFree()
    const { key, secret } = await unwrap(access.createKey(input(), customer()))
    expect(isSecret(secret ?? '', 'test')).toBe(true)
    expect(key).toEqual({
      ...{ keyId: expect.stringMatching(/^key_/), name: 'server', masked: maskSecret(secret ?? '') },
      ...{ createdAt: START, createdBy: 'user-1', lastUsedAt: null, status: 'active' },
      ...{ revokedAt: null, expiresAt: null },
    })
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

  test('a revoked key makes room for another, and old revoked keys leave the document, live ones never', () => {
    let access = { ...newAccess(ACCOUNT), entitlement: free() }
    const keyOf = (n: number): ApiKey => ({
      keyId: `key_${String(n).padStart(22, '0')}`,
      name: `key ${n}`,
      hash: `hash ${n}`,
      masked: 'masked',
      createdAt: plusMs(START, n),
      createdBy: 'user-1',
      revokedAt: n === 0 ? null : plusMs(START, n),
      expiresAt: null,
    })
    for (let n = 0; n < 80; n++) {
      const added = addKey(access, keyOf(n), plusMs(START, DAY_MS))
      if (added.ok) access = { ...access, keys: added.value.next.keys }
    }
    expect(Object.keys(access.keys)).toHaveLength(50)
    expect(access.keys[keyOf(79).keyId]).toBeDefined()
    expect(access.keys[keyOf(1).keyId]).toBeUndefined()
    expect(access.keys[keyOf(0).keyId]).toMatchObject({ revokedAt: null })
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

  test('leaves the other keys as they are, and the list shows the newest first', async () => {
    const access = await accountOnFree()
    const { key: first } = await unwrap(access.createKey(input('first'), customer()))
    const { key: second } = await unwrap(access.createKey(input('second'), customer(later)))
    const { key: revoked } = await unwrap(
      access.revokeKey({ accountId: ACCOUNT, keyId: first.keyId }, customer(later)),
    )
    const { keys } = await unwrap(access.listKeys({ accountId: ACCOUNT }, customer(later)))
    expect(keys).toEqual([second, { ...first, status: 'revoked', revokedAt: later }])
    expect(keys[1]).toEqual(revoked)
  })

  test('is in the audit trail after its making, each with its actor', async () => {
    const access = await accountOnFree()
    const { key } = await unwrap(access.createKey(input(), customer()))
    await unwrap(access.revokeKey({ accountId: ACCOUNT, keyId: key.keyId }, customer(later)))
    const { actor } = customer()
    expect((await access.table.query({ pk: `audit#${ACCOUNT}` })).toSorted(byAction).slice(1)).toMatchObject([
      { action: 'key.created', at: START, actor, after: key },
      { action: 'key.revoked', at: later, actor, after: { ...key, status: 'revoked', revokedAt: later } },
    ])
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
      const repair = { accountId: ACCOUNT, segmentStart: START, expectedRepairs: 0, ledger: ledgerOf(1) }
      expect(await codeOf(access.repairCounter(repair, call))).toBe('forbidden')
      expect(await codeOf(access.gatewayUse({ day: '2026-11-22' }, call))).toBe('forbidden')
    }
    const operator = { ...customer(), actor: { kind: 'service', service: 'operator' } as const }
    expect(await codeOf(access.setEntitlement(free({ version: 9 }), operator))).toBe('ok')
  })

  test.each([
    ['the account’s customer', customer().actor, 'ok'],
    ['an operator', { kind: 'service', service: 'operator' }, 'ok'],
    ['another service', { kind: 'service', service: 'billing' }, 'forbidden'],
    ['an admin', { kind: 'admin', userId: 'a' }, 'forbidden'],
  ] as const)('a key is made for %s: %s', async (_, actor, code) => {
    const access = await accountOnFree()
    expect(await codeOf(access.createKey(input(), { ...customer(), actor }))).toBe(code)
  })

  test('billing repairs a counter, and the audit trail says what was moved', async () => {
    const access = await accountOnFree()
    const { counter } = await unwrap(access.getAccess({ accountId: ACCOUNT }, billing()))
    if (!counter) throw new Error('no counter')
    const { segmentStart, repairs } = counter
    const repair = { accountId: ACCOUNT, segmentStart, expectedRepairs: repairs, ledger: ledgerOf(7) }
    expect(await unwrap(access.repairCounter(repair, billing()))).toEqual({ repaired: true })
    expect(await unwrap(access.repairCounter(repair, billing()))).toEqual({ repaired: false })
    expect(await unwrap(access.getAccess({ accountId: ACCOUNT }, billing()))).toMatchObject({
      gatewayKeyId: (await access.store.load(ACCOUNT))?.gatewayKey?.id,
      counter: { segmentStart, leftUnits: 993, settledUnits: 7, takenByHour: {}, repairs: 1 },
    })
    const trail = await access.table.query({ pk: `audit#${ACCOUNT}` })
    expect(trail.filter(({ action }) => action === 'counter.repaired')).toMatchObject([
      { after: { settledTo: '2026-11-22T14', moved: [{ key: null, units: -7 }] } },
    ])
  })

  test('billing asks what API Gateway counted, per usage plan of ours', async () => {
    const gateway = createMemoryGateway()
    const access = createAccess(undefined, gateway)
    const { usagePlanId } = await unwrap(access.ensureLimitSet({ limits: FREE_LIMITS }, billing()))
    gateway.calls.set(
      usagePlanId,
      new Map([
        ['gk1', 3],
        ['gk2', 4],
      ]),
    )
    expect(await unwrap(access.gatewayUse({ day: '2026-11-22' }, billing()))).toEqual({
      plans: [{ limitSetId: 'r2-b20', gatewayKeys: 2, calls: 7 }],
    })
  })
})

/** Drained before 14:00 are so many units. */
const ledgerOf = (units: number) => ({
  settleTo: '2026-11-22T14',
  settled: { units, byKey: {} },
  hours: {},
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

  test('of the version that is in force changes nothing, whatever it says', async () => {
    const access = await accountOnFree()
    await unwrap(access.setEntitlement(free({ blocks: ['suspended'] }), billing()))
    const { entitlement } = await unwrap(access.getAccess({ accountId: ACCOUNT }, billing()))
    expect(entitlement).toEqual(free())
  })

  test('without a hard limit lets calls with the older answer of the authorizer pass at once', async () => {
    const hardLimit = { units: 1, reason: 'quota', segment: { kind: 'calendar_month' } } as const
    const access = createAccess()
    await unwrap(access.setEntitlement(free({ hardLimit }), billing()))
    const call = () => reserve(access.table, ACCOUNT, { ...hardLimit, version: 1 }, START, 1)
    expect([(await call()).outcome, (await call()).outcome]).toEqual(['taken', 'refused'])
    await unwrap(access.setEntitlement(starter(), billing()))
    expect((await call()).outcome).toBe('unlimited')
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

  test('is written to the audit trail once per version', async () => {
    const access = await accountOnFree()
    await unwrap(access.setEntitlement(free(), billing()))
    await unwrap(access.setEntitlement(starter(), billing(later)))
    expect(await access.table.query({ pk: `audit#${ACCOUNT}` })).toMatchObject([
      { action: 'entitlement.changed', before: null, after: free() },
      { action: 'entitlement.changed', before: free(), after: starter() },
    ])
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
