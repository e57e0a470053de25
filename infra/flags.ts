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
}

export const USAGE = `Usage: npm start -- [flags]

  --data DIR        keep everything in DIR (on stop and every 30 s) and go on from there next time
  --fresh           build everything anew, and begin anew although DIR holds something
  --port-offset N   listen N ports further up, 0 to 50000
  --no-seed         begin empty, without the seeded developer and their month of usage
  --quiet           print the addresses and nothing else
  --help            print this`

const MAX_PORT_OFFSET = 50_000

/** The command line cannot be understood. The message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Reads the flags of `npm start`; `help` when that is all that was asked for. Throws `UsageError`. */
export function readFlags(args: readonly string[]): Flags | 'help' {
  const values = parse(args)
  if (values.help) return 'help'
  const portOffset = Number(values['port-offset'])
  if (!/^\d+$/.test(values['port-offset']) || portOffset > MAX_PORT_OFFSET)
    throw new UsageError(`--port-offset takes a whole number from 0 to ${MAX_PORT_OFFSET}`)
  if (values.data === '') throw new UsageError('--data takes the name of a folder')
  return {
    dataDir: values.data === undefined ? undefined : resolve(values.data),
    fresh: values.fresh,
    portOffset,
    quiet: values.quiet,
    seeded: !values['no-seed'],
  }
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
