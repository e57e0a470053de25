import { App } from 'aws-cdk-lib'
import { ASSEMBLY_DIR } from './assembly.ts'
import { ApiStack } from './stacks/api-stack.ts'
import { BillingStack } from './stacks/billing-stack.ts'
import { PortalStack } from './stacks/portal-stack.ts'
import { SharedStack } from './stacks/shared-stack.ts'

/** The whole product: one stack per service and a small shared one. Needs the bundles of `bundle.ts`. */
export function createApp(outdir: string = process.env.CDK_OUTDIR ?? ASSEMBLY_DIR): App {
  const app = new App({ outdir, analyticsReporting: false, treeMetadata: false })
  const shared = new SharedStack(app, {})
  const api = new ApiStack(app, { shared })
  const billing = new BillingStack(app, { shared })
  const portal = new PortalStack(app, { shared })
  // Billing subscribes to the api stack's log groups by name, so they must be there first; procedures likewise.
  billing.addStackDependency(api)
  portal.addStackDependency(billing)
  for (const stack of [shared, api, billing, portal]) {
    // CDK names a function's role among its dependencies besides referring to it; harmless.
    stack.templateOptions.metadata = { 'cfn-lint': { config: { ignore_checks: ['W3005'] } } }
  }
  return app
}

if (import.meta.main) createApp().synth()
