import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** What `npm start` is asked to do. */
export type Flags = {
  /** Folder of the snapshot; without it everything is forgotten at the end. */
  readonly dataDir: string | undefined
  /** Build everything anew and begin without the snapshot in `dataDir`. */
  readonly fresh: boolean
  readonly portOffset: number
  /** Only what cannot be done without: the addresses at the end, and what went wrong. */
  readonly quiet: boolean
  readonly seeded: boolean
  /** Of a sandbox that takes the place of the Stripe stand-in. */
  readonly stripeSecretKey: string | undefined
}

export const USAGE = `Usage: npm start -- [flags]

  --data DIR        keep everything in DIR (on stop and every 30 s) and go on from there next time
  --fresh           build everything anew, and begin anew: without what DIR holds, with a month lived through again
  --port-offset N   listen N ports further up, 0 to 50000
  --no-seed         begin empty, without the seeded developer and their month of usage
  --quiet           print the addresses and nothing else
  --help            print this

With STRIPE_SECRET_KEY=sk_test_… in the environment a sandbox of Stripe takes the place of the stand-in: time is real
then, and nothing is seeded.`

const MAX_PORT_OFFSET = 50_000

/** The command line cannot be understood. The message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Reads the flags of `npm start`; `help` when that is all that was asked for. Throws `UsageError`. */
export function readFlags(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Flags | 'help' {
  const values = parse(args)
  if (values.help) return 'help'
  const portOffset = Number(values['port-offset'])
  if (!/^\d+$/.test(values['port-offset']) || portOffset > MAX_PORT_OFFSET)
    throw new UsageError(`--port-offset takes a whole number from 0 to ${MAX_PORT_OFFSET}`)
  if (values.data === '') throw new UsageError('--data takes the name of a folder')
  const stripeSecretKey = sandboxKey(env.STRIPE_SECRET_KEY)
  return {
    dataDir: values.data === undefined ? undefined : resolve(values.data),
    fresh: values.fresh,
    portOffset,
    quiet: values.quiet,
    // The story needs a month, and a sandbox lives in real time.
    seeded: !values['no-seed'] && stripeSecretKey === undefined,
    stripeSecretKey,
  }
}

/** The message never holds the key. */
function sandboxKey(key: string | undefined): string | undefined {
  if (key === undefined || key === '') return undefined
  if (/^[a-z]+_live_/.test(key)) {
    throw new UsageError(
      'STRIPE_SECRET_KEY is a LIVE key. npm start makes products, prices and customers, so it only takes the key of a sandbox (sk_test_…). Nothing was sent to Stripe.',
    )
  }
  if (/^[sr]k_test_\w+$/.test(key)) return key
  throw new UsageError('STRIPE_SECRET_KEY is not the secret key of a sandbox (sk_test_…)')
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        'port-offset': { type: 'string', default: '0' },
        quiet: { type: 'boolean', default: false },
        'no-seed': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    return values
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // Node goes on to explain positional arguments, of which there are none here.
    throw new UsageError(message.split(/[.\n] ?/)[0] ?? message)
  }
}
