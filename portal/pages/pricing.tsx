import type { PlanVersion } from '#billing/contract'
import { Notice } from '../components/form.tsx'
import { Copyable } from '../components/parts.tsx'
import { PlanCard } from '../components/plan-card.tsx'
import { firstCall } from '../docs/routes.ts'
import type { AppContext } from '../http/app-env.ts'
import { asPortal } from '../http/call.ts'
import type { PagePorts, Pages } from '../http/ports.ts'
import { page } from '../http/render.tsx'

/** Home and pricing, from the live catalogue. */
export const pricingPage: Pages = (app, ports) => {
  app.get('/', async c => {
    const plans = await livePlans(c, ports)
    return page(
      c,
      { title: 'Contact validation API', shape: 'public' },
      <Home plans={plans} ports={ports} c={c} />,
    )
  })
}

/** The page stands without its prices when billing cannot be reached: people can still sign in. */
async function livePlans(c: AppContext, ports: PagePorts): Promise<readonly PlanVersion[] | undefined> {
  try {
    const listed = await ports.billing.listPlans({}, asPortal(c, ports))
    return listed.ok ? listed.value.plans : undefined
  } catch (error) {
    ports.log.failure('The price list could not be had', error, c.get('requestId'))
    return undefined
  }
}

function Home({
  plans,
  ports,
  c,
}: {
  plans: readonly PlanVersion[] | undefined
  ports: PagePorts
  c: AppContext
}) {
  return (
    <div class="wrap">
      <section class="hero">
        <h1>Contact data that is right, one call away.</h1>
        <p>
          Validate phone numbers, e-mail addresses, IBANs and VAT numbers, one at a time or a hundred in a
          call. You pay only for calls that worked.
        </p>
        <div class="row">
          <a class="button primary" href={c.get('user') ? '/home' : '/signup'}>
            {c.get('user') ? 'Open the portal' : 'Start free'}
          </a>
          <a class="button" href="/docs">
            Read the docs
          </a>
        </div>
        <Copyable id="first-call" block>
          {firstCall(ports.apiUrl)}
        </Copyable>
      </section>
      <section class="section stack" aria-labelledby="pricing">
        <div>
          <h2 id="pricing">Pricing</h2>
          <p class="lede">
            Failed calls are free on every plan, and every invoice can be traced down to the request.
          </p>
        </div>
        {plans ? (
          <div class="plans">
            {plans.map(plan => (
              <PlanCard
                plan={plan}
                action={<StartButton plan={plan} signedIn={c.get('user') !== undefined} />}
              />
            ))}
          </div>
        ) : (
          <Notice tone="warn" title="Prices cannot be shown right now">
            Everything else works. Reload the page in a minute.
          </Notice>
        )}
      </section>
    </div>
  )
}

function StartButton({ plan, signedIn }: { plan: PlanVersion; signedIn: boolean }) {
  const paid = plan.flatFeeMinor !== '0'
  return (
    <a class={paid ? 'button' : 'button primary'} href={signedIn ? '/plan' : '/signup'}>
      {signedIn ? 'See your plan' : paid ? `Start with ${plan.name}` : 'Start free'}
    </a>
  )
}
