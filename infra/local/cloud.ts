import { createClock, type LocalClock } from './clock.ts'
import { startConsole } from './console/start-console.ts'
import { consoleSources } from './console-sources.ts'
import { type LocalCloud, type Service, UnsupportedError } from './contract.ts'
import { createDelivery, type SendToQueue } from './deliver.ts'
import { asServiceError, callInProcess, createDispatcher, type Dispatcher } from './endpoint/dispatch.ts'
import { createEndpoint } from './endpoint/endpoint.ts'
import { CutError, createFaults } from './faults.ts'
import { createIam, type Iam, type UnusedGrant } from './iam/iam.ts'
import { createJournal, type Journal, type JournalEntry } from './journal.ts'
import { DEFAULT_ACCOUNT_ID, DEFAULT_REGION, type LocalCloudOptions } from './options.ts'
import { close, HOST, listen, requireFreePorts } from './ports.ts'
import { functionName } from './services/lambda/functions.ts'
import { createServices, listServices, type Services } from './services.ts'
import { restoreSnapshot, type Snapshotable, takeSnapshot } from './snapshot.ts'
import { type RunningStripe, startStripe } from './stripe/index.ts'
import { loadAssembly } from './template/assembly.ts'
import { type Provisioned, provision } from './template/provision.ts'

export type RunningCloud = {
  readonly cloud: LocalCloud
  readonly clock: LocalClock
  readonly urls: {
    readonly aws: string
    readonly console: string
    readonly stripe: string
    /** By the API's name in the template. */
    readonly apis: Readonly<Record<string, string>>
  }
  /** Stack name -> output key -> value. */
  readonly outputs: Provisioned['outputs']
  readonly resources: Provisioned['resources']
  readonly services: Services
  readonly stripe: RunningStripe
  /** Everything that was made at run time, for `writeSnapshot`. Waits until nothing is in flight. */
  snapshot(): Promise<Buffer>
  /** Notable things that happened, newest first. */
  journal(): readonly JournalEntry[]
  /** What the templates grant and nothing has used since the start. */
  unusedGrants(): UnusedGrant[]
  stop(): Promise<void>
}

/**
 * Starts the local cloud on a synthesized cloud assembly. Resolves when every resource is provisioned and every server
 * listens. A failed start says which resource and why, and leaves nothing open.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<RunningCloud> {
  const { ports } = options
  await requireFreePorts({
    'AWS endpoint': ports.aws,
    console: ports.console,
    Stripe: ports.stripe,
    ...ports.apis,
  })
  const stacks = loadAssembly(options.assemblyDir)
  const { snapshot } = options
  const clock = createClock({ ...options.clock, ...(snapshot && { startAt: snapshot.now }) })
  const release = clock.hold()
  const opened: (() => Promise<void> | void)[] = [() => clock.stop()]
  const stop = async () => {
    for (const shut of opened.splice(0).reverse()) await shut()
  }

  try {
    const core = createCloud(options, clock)
    opened.push(...listServices(core.services).map(service => async () => service.stop?.()))
    const endpoint = createEndpoint({
      cloud: core.cloud,
      services: listServices(core.services),
      dispatch: core.dispatch,
      identityOf: core.iam.identityOf,
    })
    await listen(endpoint, ports.aws, 'AWS endpoint')
    opened.push(() => close(endpoint))
    const stripe = await startStripe({
      clock,
      faults: core.cloud.faults,
      port: ports.stripe,
      journal: core.journal.add,
    })
    opened.push(() => stripe.stop())
    const provisioned = await provision({
      stacks,
      assemblyDir: options.assemblyDir,
      parameters: options.parameters,
      account: core.cloud,
      providers: Object.assign({}, ...listServices(core.services).map(service => service.resources)),
      readSecret: secretId => readSecret(core.cloud, secretId),
    })
    const parts: Snapshotable[] = [...listServices(core.services), stripe]
    if (snapshot) await restoreSnapshot(snapshot, clock, parts)
    release()
    const urls = urlsOf(ports)
    const sources = consoleSources({
      services: core.services,
      clock,
      journal: core.journal.entries,
      faults: core.cloud.faults,
      stripe,
      unusedGrants: core.iam.unusedGrants,
      urls,
    })
    const consoleServer = await startConsole(sources, { port: ports.console })
    opened.push(() => consoleServer.close())
    return {
      cloud: core.cloud,
      clock,
      urls,
      ...provisioned,
      services: core.services,
      stripe,
      snapshot: () => takeSnapshot(clock, parts),
      journal: core.journal.entries,
      unusedGrants: core.iam.unusedGrants,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

type Core = {
  readonly cloud: LocalCloud
  readonly services: Services
  readonly iam: Iam
  readonly journal: Journal
  readonly dispatch: Dispatcher
}

/** The services and the doors between them. Doors work once this has returned. */
function createCloud(options: LocalCloudOptions, clock: LocalClock): Core {
  const region = options.region ?? DEFAULT_REGION
  const accountId = options.accountId ?? DEFAULT_ACCOUNT_ID
  const journal = createJournal(clock)
  const iam = createIam(accountId)
  const byName = new Map<string, Service>()

  const cloud: LocalCloud = {
    clock,
    region,
    accountId,
    endpointUrl: `http://${HOST}:${options.ports.aws}`,
    journal: journal.add,
    authorize: iam.authorize,
    setResourcePolicy: iam.setResourcePolicy,
    faults: createFaults({
      clock,
      journal: journal.add,
      stop: caller => services.lambda.stopEnvironmentOf(caller),
    }),
    invoke: (functionArn, payload, identity) => {
      const point = { service: 'lambda', operation: 'Invoke', resource: functionName(functionArn) }
      const run = () => services.lambda.invoke(functionArn, payload, identity)
      return cloud.faults.call({ ...point, caller: identity }, run).catch(error => {
        const failure = error instanceof CutError ? asServiceError(error) : error
        const summary = `Invoke ${point.resource}: ${failure.code ?? failure.name}: ${failure.message}`
        journal.add({ source: 'lambda', summary })
        throw failure
      })
    },
    invokeAsync: (functionArn, payload, identity) =>
      services.lambda.invokeAsync(functionArn, payload, identity),
    putLogs: (logGroup, logStream, lines) => services.logs.append(logGroup, logStream, lines),
    async call(name, operation, input, identity) {
      const service = byName.get(name)
      if (!service) throw new UnsupportedError(`the service ${name}`)
      return await callInProcess(dispatch, service, operation, input, identity)
    },
    deliver: (target, event, identity) => deliver(target, event, identity),
  }
  const dispatch = createDispatcher(cloud)
  const sendToQueue: SendToQueue = (queueArn, body, attributes, sender) => {
    cloud.authorize(sender, 'sqs:SendMessage', queueArn)
    services.sqs.enqueue(queueArn, body, attributes)
  }
  const services = createServices(cloud, {
    iam,
    clockCells: clock.shared,
    apiPorts: options.ports.apis,
    keyPropagationMs: options.keyPropagationMs,
    sendToQueue,
  })
  for (const service of listServices(services)) byName.set(service.name, service)
  const deliver = createDelivery({
    cloud,
    canAssume: iam.canAssume,
    sendToQueue,
    receiveOnBus: (busArn, event) =>
      services.events.receive(busArn, event as Parameters<typeof services.events.receive>[1]),
  })
  return { cloud, services, iam, journal, dispatch }
}

async function readSecret(cloud: LocalCloud, secretId: string): Promise<string> {
  const value = await cloud.call('secretsmanager', 'GetSecretValue', { SecretId: secretId }, { kind: 'root' })
  return String((value as { SecretString?: unknown }).SecretString ?? '')
}

function urlsOf(ports: LocalCloudOptions['ports']): RunningCloud['urls'] {
  const url = (port: number) => `http://${HOST}:${port}`
  const apis = Object.fromEntries(Object.entries(ports.apis).map(([name, port]) => [name, url(port)]))
  return { aws: url(ports.aws), console: url(ports.console), stripe: url(ports.stripe), apis }
}
