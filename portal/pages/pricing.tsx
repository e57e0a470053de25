import type { PlanVersion } from '#billing/contract'
import { Notice } from '../components/form.tsx'
import { Copyable } from '../components/parts.tsx'
import { PlanCard } from '../components/plan-card.tsx'
import { firstAnswer, firstCall } from '../docs/routes.ts'
import type { AppContext } from '../http/app-env.ts'
import { asCustomer, asPortal } from '../http/call.ts'
import type { PagePorts, Pages } from '../http/ports.ts'
import { page } from '../http/render.tsx'
import { EstimateForm } from './estimate.tsx'

/** Home and pricing, from the live catalogue. */
export const pricingPage: Pages = (app, ports) => {
  app.get('/', async c => {
    const [plans, ownPlanId] = await Promise.all([livePlans(c, ports), planOfVisitor(c, ports)])
    return page(
      c,
      { title: 'Contact validation API', shape: 'public' },
      <Home plans={plans} ownPlanId={ownPlanId} ports={ports} c={c} />,
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

/** Marks the visitor's plan; an account that is not open yet, or a price page without billing, has none to mark. */
async function planOfVisitor(c: AppContext, ports: PagePorts): Promise<string | undefined> {
  const user = c.get('user')
  if (!user) return undefined
  try {
    const call = asCustomer(c, ports, user)
    const subscription = await ports.billing.getSubscription({ accountId: user.accountId }, call)
    return subscription.ok ? subscription.value.plan.id : undefined
  } catch (error) {
    ports.log.failure("The visitor's plan could not be had", error, c.get('requestId'))
    return undefined
  }
}

function Home({
  plans,
  ownPlanId,
  ports,
  c,
}: {
  plans: readonly PlanVersion[] | undefined
  ownPlanId: string | undefined
  ports: PagePorts
  c: AppContext
}) {
  return (
    <div class="wrap">
      <section class="hero">
        <div class="stack-m">
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
        </div>
        <div class="stack-s">
          <Copyable id="first-call" block>
            {firstCall(ports.apiUrl)}
          </Copyable>
          <p class="fine">It answers</p>
          <pre tabindex={0}>
            <code>{firstAnswer()}</code>
          </pre>
        </div>
      </section>
      <section class="section stack" aria-labelledby="pricing">
        <div>
          <h2 id="pricing">Pricing</h2>
          <p class="lede">
            Failed calls are free on every plan, and every invoice can be traced down to the request.
          </p>
        </div>
        {plans ? (
          <>
            <div class="plans">
              {plans.map(plan => (
                <PlanCard
                  plan={plan}
                  current={plan.id === ownPlanId}
                  action={<StartButton plan={plan} signedIn={c.get('user') !== undefined} />}
                />
              ))}
            </div>
            <EstimateForm plans={plans} asked={c.req.query('calls')} />
          </>
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
