import { parseArgs } from 'node:util'
import { build, launch, SETTLING_MS, type Tollgate } from './launch.ts'
import { fixedPorts, PortTakenError } from './ports.ts'
import { DEMO_ADMIN, DEMO_DEVELOPER, SEED_DAYS, type Seeded, seed } from './seed/seed.ts'

/** `npm start`: the whole product on this machine, seeded, until Ctrl-C. */
const DAY_MS = 86_400_000

const { values: options } = parseArgs({
  options: {
    'port-offset': { type: 'string', default: '0' },
    quiet: { type: 'boolean', default: false },
    'no-seed': { type: 'boolean', default: false },
  },
})
const say = (line: string): void => {
  if (!options.quiet) console.log(line)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof PortTakenError ? error.message : error)
  process.exit(1)
}

async function main(): Promise<void> {
  const startedAt = performance.now()
  const offset = Number(options['port-offset'])
  if (!Number.isInteger(offset) || offset < 0 || offset > 50_000)
    throw new Error('--port-offset takes a number from 0 to 50000')
  const ports = await fixedPorts(offset)
  say('Building the functions and the templates …')
  await build()
  say('Provisioning the templates …')
  const seeded = !options['no-seed']
  const startAt = Date.now() - SETTLING_MS - (seeded ? SEED_DAYS * DAY_MS : 0)
  const tollgate = await launch({ clock: { mode: 'live', startAt }, ports })
  stopOnSignal(tollgate)
  let story: Seeded | undefined
  if (seeded) {
    say(`Living through ${SEED_DAYS} days: a sign-up, a purchase, calls, a month end …`)
    story = await seed(tollgate)
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(welcome(tollgate, story, seconds))
}

function welcome(tollgate: Tollgate, story: Seeded | undefined, seconds: string): string {
  const { portalUrl, apiUrl, urls } = tollgate
  const people = story
    ? `
  Developer   ${DEMO_DEVELOPER.email}   ${DEMO_DEVELOPER.password}
  Admin       ${DEMO_ADMIN.email}   ${DEMO_ADMIN.password}`
    : ''
  return `
Tollgate is ready (${seconds} s).

  Portal      ${portalUrl}
  API         ${apiUrl}
  Console     ${urls.console}   mailbox, clock, executions
  AWS         ${urls.aws}   aws --endpoint-url ${urls.aws} dynamodb list-tables
  Stripe      ${urls.stripe}
${people}

Try next:
  1. Call the API:
     curl -s ${apiUrl}/v1/phone -H 'Authorization: Bearer ${story?.key ?? 'tg_test_…'}' \\
       -H 'Content-Type: application/json' -d '{"phone":"+44 20 7946 0958"}'
  2. Sign in at ${portalUrl}/signin and look at Usage and Billing.
  3. Move time: curl -s ${urls.console}/clock/advance -d '{"by":"P1D"}'

Stop with Ctrl-C.`
}

function stopOnSignal(tollgate: Tollgate): void {
  const stop = async () => {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    await tollgate.stop()
    process.exit(0)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
}
