import type { Tollgate } from './launch.ts'
import { DEMO_ADMIN, DEMO_DEVELOPER, type Seeded } from './seed/seed.ts'

const SANDBOX = `your sandbox, https://dashboard.stripe.com/test
              Time is real: the clock cannot be moved, and the seeded story, which needs a month, was left out.`

/** What is printed when the product is ready: where everything is, who there is, what to try. */
export function welcome(
  { portalUrl, apiUrl, urls }: Pick<Tollgate, 'portalUrl' | 'apiUrl' | 'urls'>,
  story: Seeded | undefined,
  seconds: string,
  stripe: 'stand-in' | 'sandbox' = 'stand-in',
): string {
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
  Stripe      ${stripe === 'sandbox' ? SANDBOX : urls.stripe}
${people}

Try next:
  1. Call the API:
     curl -s ${apiUrl}/v1/phone -H 'Authorization: Bearer ${story?.key ?? 'tg_test_…'}' \\
       -H 'Content-Type: application/json' -d '{"phone":"+44 20 7946 0958"}'
  2. ${story ? `Sign in at ${portalUrl}/signin and look at Usage and Billing.` : `Sign up at ${portalUrl}/signup; the code is in the console's mailbox.`}
  3. ${stripe === 'sandbox' ? 'Pay with card 4242 4242 4242 4242.' : `Move time: curl -s ${urls.console}/clock/advance -d '{"by":"P1D"}'`}
  4. Edit a file of api/, billing/ or portal/: the functions made from it are replaced.

Stop with Ctrl-C.`
}
