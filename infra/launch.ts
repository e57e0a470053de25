import { instant, MINUTE_MS } from '#kernel/time'
import { ASSEMBLY_DIR } from './aws/assembly.ts'
import { bundle } from './aws/bundle.ts'
import { APIS } from './aws/names.ts'
import { synthesize } from './aws/synthesize.ts'
import { type RunningCloud, startLocalCloud } from './local/cloud.ts'
import {
  DEFAULT_REGION,
  type LocalCloudOptions,
  type LocalCloudPorts,
  ROOT_CREDENTIALS,
} from './local/options.ts'
import type { Snapshot } from './local/snapshot.ts'
import { setUp } from './set-up.ts'

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
export const MAIL_FROM = 'hello@tollgate.example'

/** Gateway keys that publishing made are known to the data plane, and counted as warm, a little later. */
export const SETTLING_MS = 2 * MINUTE_MS

/** Bundles the functions and synthesizes the templates, each only when its sources have changed. */
export async function build(): Promise<void> {
  await bundle()
  await synthesize()
}

/**
 * Starts the local cloud on the built assembly and does what `npm run deploy` does after deploying. Local time is
 * `SETTLING_MS` after `startAt` when it resolves; with a snapshot, where it would be had the cloud gone on running.
 */
export async function launch(options: {
  readonly clock: LocalCloudOptions['clock']
  readonly ports: LocalCloudPorts
  readonly snapshot?: Snapshot
  /** Starts an environment of every function on the side, for who is going to need them all. */
  readonly warmUp?: boolean
}): Promise<Tollgate> {
  const { ports, snapshot } = options
  const portalUrl = `http://localhost:${ports.apis[APIS.portal]}`
  const apiUrl = `http://localhost:${ports.apis[APIS.api]}`
  const stripeUrl = `http://localhost:${ports.stripe}`
  const cloud = await startLocalCloud({
    assemblyDir: ASSEMBLY_DIR,
    clock: options.clock,
    ports,
    ...(snapshot && { snapshot }),
    parameters: {
      Stage: 'test',
      StripeApiUrl: stripeUrl,
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
      stripeApiUrl: stripeUrl,
      stripeSecretKey: LOCAL_STRIPE_KEY,
      now: () => instant(cloud.clock.now()),
    })
    const target = snapshot
      ? snapshot.now + (Date.now() - snapshot.takenAt)
      : options.clock.startAt + SETTLING_MS
    await cloud.clock.advanceTo(Math.max(target, cloud.clock.now()))
    return { ...cloud, portalUrl, apiUrl, aws }
  } catch (error) {
    await cloud.stop()
    throw error
  }
}
