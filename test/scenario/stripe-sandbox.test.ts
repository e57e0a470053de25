import { expect, test } from 'vitest'
import { MINUTE_MS } from '#kernel/time'
import { launch, type Tollgate } from '../../infra/launch.ts'
import { createClock } from '../../infra/local/clock.ts'
import { startStripe } from '../../infra/local/stripe/index.ts'
import { freePorts } from '../../infra/ports.ts'
import { accountIdOfEmail } from '../support/account.ts'
import { advance, billingOf, expectOk, newCustomer, operatorCall } from '../support/tollgate.ts'

/** The stand-in plays the sandbox: at an address of its own, in real time, and unable to call the product. */
async function startSandbox() {
  const { stripe: port } = await freePorts()
  const clock = createClock({ mode: 'live', startAt: Date.now() })
  const { url, engine, stop } = await startStripe({ clock, port })
  return {
    sandbox: { secretKey: 'sk_test_sandbox', apiUrl: url },
    engine,
    async stop() {
      clock.stop()
      await stop()
    },
  }
}

async function onSandbox(run: (tollgate: Tollgate, engine: Engine) => Promise<void>): Promise<void> {
  const { sandbox, engine, stop } = await startSandbox()
  try {
    const clock = { mode: 'live', startAt: Date.now() } as const
    const tollgate = await launch({ clock, ports: await freePorts(), sandbox })
    await run(tollgate, engine).finally(tollgate.stop)
  } finally {
    await stop()
  }
}
type Engine = Awaited<ReturnType<typeof startSandbox>>['engine']

test('a plan is bought in a sandbox that cannot call us: its events are fetched, and time stays real', () =>
  onSandbox(async (tollgate, engine) => {
    expect(engine.state.webhookEndpoints.size).toBe(0)
    await expect(advance(tollgate, MINUTE_MS)).rejects.toThrow('Start without STRIPE_SECRET_KEY')
    const refused = await fetch(`${tollgate.urls.console}/clock/advance`, {
      method: 'POST',
      body: '{"by":"P1D"}',
    })
    expect(refused.status).toBe(409)

    const customer = newCustomer(tollgate, 'ada@sandbox.example')
    await customer.signUp()
    await tollgate.clock.whenIdle()
    await customer.buy('starter')
    const accountId = await accountIdOfEmail(tollgate, 'ada@sandbox.example')
    const plan = async () =>
      expectOk(await billingOf(tollgate).getSubscription({ accountId }, operatorCall(tollgate))).plan.id
    await expect.poll(plan, { timeout: 20_000, interval: 500 }).toBe('starter')
    expect(Math.abs(tollgate.clock.now() - Date.now())).toBeLessThan(1_000)
  }))

test('a key that the sandbox does not take stops the start with its words', async () => {
  const { sandbox, stop } = await startSandbox()
  const start = launch({
    clock: { mode: 'live', startAt: Date.now() },
    ports: await freePorts(),
    sandbox: { ...sandbox, secretKey: 'nonsense' },
  })
  await expect(start).rejects.toThrow(`STRIPE_SECRET_KEY cannot be used with ${sandbox.apiUrl}`)
  await stop()
})
