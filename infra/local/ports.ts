import { createServer, type Server } from 'node:http'

export const HOST = '127.0.0.1'

/** Throws when one of the ports is taken, naming it and what it is for. */
export async function requireFreePorts(ports: Readonly<Record<string, number>>): Promise<void> {
  const seen = new Map<number, string>()
  for (const [use, port] of Object.entries(ports)) {
    const other = seen.get(port)
    if (other !== undefined) throw new Error(`Port ${port} is given to both ${other} and ${use}`)
    seen.set(port, use)
    const probe = createServer()
    await listen(probe, port, use)
    await new Promise(resolve => probe.close(resolve))
  }
}

/** Listens on the loopback interface. A taken port is an error that says what to do. */
export function listen(server: Server, port: number, use: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} (${use}) is in use by another program. Stop that program or choose other ports.`
      reject(error.code === 'EADDRINUSE' ? new Error(taken, { cause: error }) : error)
    })
    server.listen(port, HOST, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

export function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
