import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readFlags, UsageError } from './flags.ts'

test('without flags everything is seeded, on the usual ports, and forgotten at the end', () => {
  expect(readFlags([])).toEqual({
    dataDir: undefined,
    fresh: false,
    portOffset: 0,
    quiet: false,
    seeded: true,
    stripeSecretKey: undefined,
  })
})

test('every flag is understood', () => {
  const args = ['--data', 'here', '--fresh', '--port-offset', '100', '--quiet', '--no-seed']
  const dataDir = join(process.cwd(), 'here')
  expect(readFlags(args)).toMatchObject({
    ...{ dataDir, fresh: true },
    ...{ portOffset: 100, quiet: true, seeded: false },
  })
  expect(readFlags(['--data=here'])).toMatchObject({ dataDir })
  expect(readFlags(['--help'])).toBe('help')
})

test.each([
  [['--frsh'], "Unknown option '--frsh'"],
  [['here'], "Unexpected argument 'here'"],
  [['--data'], "Option '--data <value>' argument missing"],
  [['--data', ''], '--data takes the name of a folder'],
  [['--quiet=yes'], "Option '--quiet' does not take an argument"],
  [['--port-offset', 'ten'], '--port-offset takes a whole number from 0 to 50000'],
  [['--port-offset', '-1'], "Option '--port-offset' argument is ambiguous"],
  [['--port-offset', '1e9'], '--port-offset takes a whole number from 0 to 50000'],
  [['--port-offset', '60000'], '--port-offset takes a whole number from 0 to 50000'],
])('%j is answered with what is wrong', (args, message) => {
  expect(() => readFlags(args)).toThrow(UsageError)
  expect(() => readFlags(args)).toThrow(message)
})

test('with the key of a sandbox nothing is seeded', () => {
  const env = { STRIPE_SECRET_KEY: 'sk_test_abc' }
  expect(readFlags([], env)).toMatchObject({ stripeSecretKey: 'sk_test_abc', seeded: false })
  expect(readFlags([], { STRIPE_SECRET_KEY: '' })).toMatchObject({ stripeSecretKey: undefined, seeded: true })
})

test.each([
  ['sk_live_abc', 'LIVE key'],
  ['rk_live_abc', 'LIVE key'],
  ['pk_test_abc', 'not the secret key of a sandbox'],
  ['whsec_abc', 'not the secret key of a sandbox'],
])('%s in the place of a sandbox key is refused without being shown', (key, message) => {
  const read = () => readFlags([], { STRIPE_SECRET_KEY: key })
  expect(read).toThrow(UsageError)
  expect(read).toThrow(message)
  expect(read).not.toThrow(key)
})
