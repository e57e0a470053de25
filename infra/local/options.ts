import type { LocalTime } from './contract.ts'
import type { Snapshot } from './snapshot.ts'

/** Everything that is decided before the templates are provisioned. Ports are real ones, never 0. */
export type LocalCloudOptions = {
  /** Folder with `manifest.json`, templates and assets as CDK synthesized them. */
  readonly assemblyDir: string
  /** CloudFormation parameter values, applied to every stack that declares the parameter. */
  readonly parameters: Readonly<Record<string, string>>
  /** `live`: wall time plus an offset that starts at `startAt - wall`. `frozen`: stands still at `startAt`. A snapshot's time goes first. */
  readonly clock: { readonly mode: 'live' | 'frozen'; readonly startAt: LocalTime }
  readonly ports: LocalCloudPorts
  /** What an earlier cloud on the same templates left behind; its clock goes on where that one stood. */
  readonly snapshot?: Snapshot
  /** How long API keys and usage plans take to reach the data plane, in local milliseconds; 2,000 unless told. */
  readonly keyPropagationMs?: number
  readonly region?: string
  readonly accountId?: string
}

export type LocalCloudPorts = {
  readonly aws: number
  readonly console: number
  readonly stripe: number
  /** Front ends by the API's name in the template: `{ 'tollgate-api': 8081, 'tollgate-portal': 8080, 'tollgate-webhooks': … }`. */
  readonly apis: Readonly<Record<string, number>>
}

/** Credentials for tools and tests: the root identity, allowed everything. */
export const ROOT_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const
export const DEFAULT_REGION = 'us-east-1'
export const DEFAULT_ACCOUNT_ID = '000000000000'
