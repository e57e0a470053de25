import { clock } from './clock.ts'
import { deadLetters } from './dead-letters.ts'
import { events } from './events.ts'
import { execution, executions } from './executions.ts'
import { faults } from './faults.ts'
import { functions, oneFunction } from './functions.ts'
import { grants } from './grants.ts'
import { journal } from './journal.ts'
import { logs } from './logs.ts'
import { mailbox } from './mailbox.ts'
import { overview } from './overview.ts'
import { stripe, stripeKind } from './stripe.ts'
import { usage } from './usage.ts'
import type { AnyView } from './view.ts'

/** Everything the console shows, each at one path as a page and as JSON. */
export const VIEWS: readonly AnyView[] = [
  overview,
  mailbox,
  clock,
  functions,
  oneFunction,
  executions,
  execution,
  events,
  deadLetters,
  usage,
  stripe,
  stripeKind,
  faults,
  logs,
  journal,
  grants,
]
