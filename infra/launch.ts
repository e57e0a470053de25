import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { instant, MINUTE_MS } from '#kernel/time'
import { secretStore } from '../billing/cli/setup.ts'
import { ASSEMBLY_DIR } from './aws/assembly.ts'
import { bundle } from './aws/bundle.ts'
import { APIS, STRIPE_SECRET } from './aws/names.ts'
import { synthesize } from './aws/synthesize.ts'
import { type RunningCloud, startLocalCloud } from './local/cloud.ts'
import {
  DEFAULT_REGION,
  type LocalCloudOptions,
  type LocalCloudPorts,
  ROOT_CREDENTIALS,
} from './local/options.ts'
import type { Snapshot } from './local/snapshot.ts'
import { messagesOf } from './report-failure.ts'
import { setUp, webhookUrlOf } from './set-up.ts'
import {
  CLOCK_LOCKED,
  checkSandbox,
  relaySandbox,
  type Sandbox,
  unreachableEndpoint,
} from './stripe-sandbox.ts'

/** The whole product on this machine: provisioned, set up, with its plans on sale. */
export type Tollgate = RunningCloud & {
  readonly portalUrl: string
  readonly apiUrl: string
  /** SDK configuration of the root identity. */
  readonly aws: AwsConfig
}

export type AwsConfig = {
  readonly region: string
  readonly endpoint: string
  readonly credentials: typeof ROOT_CREDENTIALS
}

/** Key of the Stripe stand-in; it takes every test key. */
const LOCAL_STRIPE_KEY = 'sk_test_local'
const MAIL_FROM = 'hello@tollgate.example'

/** Gateway keys that publishing made are known to the data plane, and counted as warm, a little later. */
export const SETTLING_MS = 2 * MINUTE_MS

/** Bundles the functions and synthesizes the templates, each only when its sources have changed. */
export async function build(): Promise<void> {
  await bundle()
  await synthesize()
}

export type LaunchOptions = {
  readonly clock: LocalCloudOptions['clock']
  readonly ports: LocalCloudPorts
  readonly snapshot?: Snapshot
  /** Starts an environment of every function on the side, for who is going to need them all. */
  readonly warmUp?: boolean
  /** A sandbox of Stripe in the place of the stand-in. Time is real then: the clock is live, on wall time, and locked. */
  readonly sandbox?: Sandbox
  /** Templates and bundles; those of `build()` unless told. */
  readonly assemblyDir?: string
}

/**
 * Starts the local cloud on the built assembly and does what `npm run deploy` does after deploying. Local time is
 * `SETTLING_MS` after `startAt` when it resolves; with a snapshot, where it would be had the cloud gone on running.
 */
export async function launch(options: LaunchOptions): Promise<Tollgate> {
  const { ports, snapshot, sandbox } = options
  const portalUrl = `http://localhost:${ports.apis[APIS.portal]}`
  const apiUrl = `http://localhost:${ports.apis[APIS.api]}`
  const stripeApiUrl = sandbox?.apiUrl ?? `http://localhost:${ports.stripe}`
  if (sandbox) await checkSandbox(sandbox)
  const cloud = await startLocalCloud({
    assemblyDir: options.assemblyDir ?? ASSEMBLY_DIR,
    clock: options.clock,
    ports,
    ...(snapshot && { snapshot }),
    parameters: {
      Stage: 'test',
      StripeApiUrl: stripeApiUrl,
      PortalUrl: portalUrl,
      ApiUrl: apiUrl,
      MailFrom: MAIL_FROM,
    },
  })
  const aws: AwsConfig = { region: DEFAULT_REGION, endpoint: cloud.urls.aws, credentials: ROOT_CREDENTIALS }
  if (options.warmUp) void cloud.services.lambda.warmUp()
  try {
    await setUp({
      outputs: cloud.outputs,
      aws,
      stripeApiUrl,
      stripeSecretKey: sandbox?.secretKey ?? LOCAL_STRIPE_KEY,
      ...(sandbox && { endpoints: unreachableEndpoint }),
      now: () => instant(cloud.clock.now()),
    })
    await cloud.clock.advanceTo(Math.max(settledAt(options), cloud.clock.now()))
    const tollgate = { ...cloud, portalUrl, apiUrl, aws }
    return sandbox ? await attach(tollgate, sandbox, snapshot) : tollgate
  } catch (error) {
    await cloud.stop()
    throw error
  }
}

function settledAt({ clock, snapshot, sandbox }: LaunchOptions): number {
  if (snapshot) return snapshot.now + (Date.now() - snapshot.takenAt)
  return sandbox ? clock.startAt : clock.startAt + SETTLING_MS
}

/** From here on the product lives beside the sandbox: in real time, told of what happens there. */
async function attach(
  tollgate: Tollgate,
  sandbox: Sandbox,
  snapshot: Snapshot | undefined,
): Promise<Tollgate> {
  tollgate.clock.lock(CLOCK_LOCKED)
  const stopRelay = await relaySandbox({
    sandbox,
    webhookUrl: webhookUrlOf(tollgate.outputs),
    secrets: secretStore(new SecretsManagerClient(tollgate.aws)),
    secretId: STRIPE_SECRET,
    since: snapshot?.takenAt ?? Date.now(),
    tell: (summary, error) =>
      tollgate.cloud.journal({ source: 'stripe sandbox', summary, detail: messagesOf(error) }),
  })
  return {
    ...tollgate,
    async stop() {
      await stopRelay()
      await tollgate.stop()
    },
  }
}
