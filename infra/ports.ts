import { createServer, type Server } from 'node:net'
import { APIS } from './aws/names.ts'
import type { LocalCloudPorts } from './local/options.ts'

/** Where `npm start` listens. `--port-offset N` moves all of them. */
const DEFAULT_PORTS = {
  portal: 8080,
  api: 8081,
  console: 8082,
  webhooks: 8083,
  aws: 4566,
  stripe: 12111,
} as const

type PortName = keyof typeof DEFAULT_PORTS

export class PortTakenError extends Error {
  constructor(taken: readonly string[]) {
    super(
      `Already in use: ${taken.join(', ')}. Stop what listens there, or move Tollgate: npm start -- --port-offset 100`,
    )
    this.name = 'PortTakenError'
  }
}

/** The default ports, moved by an offset. Throws `PortTakenError` naming every port that is taken. */
export async function fixedPorts(offset: number): Promise<LocalCloudPorts> {
  const ports = Object.fromEntries(Object.entries(DEFAULT_PORTS).map(([name, port]) => [name, port + offset]))
  const free = await Promise.all(Object.values(ports).map(isFree))
  const taken = Object.entries(ports)
    .filter((_, i) => !free[i])
    .map(([name, port]) => `${port} (${name})`)
  if (taken.length > 0) throw new PortTakenError(taken)
  return toCloudPorts(ports as Record<PortName, number>)
}

/** Ports that nobody uses at the moment, for tests that run side by side. */
export async function freePorts(): Promise<LocalCloudPorts> {
  const names = Object.keys(DEFAULT_PORTS) as PortName[]
  const servers = await Promise.all(names.map(() => listen(0)))
  const ports = servers.map(portOf)
  await Promise.all(servers.map(server => new Promise(resolve => server?.close(resolve))))
  return toCloudPorts(
    Object.fromEntries(names.map((name, i) => [name, ports[i]])) as Record<PortName, number>,
  )
}

function portOf(server: Server | undefined): number {
  const address = server?.address()
  if (!address || typeof address === 'string') throw new Error('no free port on 127.0.0.1')
  return address.port
}

const toCloudPorts = (ports: Record<PortName, number>): LocalCloudPorts => ({
  aws: ports.aws,
  console: ports.console,
  stripe: ports.stripe,
  apis: { [APIS.portal]: ports.portal, [APIS.api]: ports.api, [APIS.webhooks]: ports.webhooks },
})

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port)
  if (server) await new Promise(resolve => server.close(resolve))
  return server !== undefined
}

const listen = (port: number) =>
  new Promise<Server | undefined>(resolve => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
