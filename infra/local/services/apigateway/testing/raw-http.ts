import { connect } from 'node:net'

/** Sends bytes as they are and answers everything that came back until the connection ended or went quiet. */
export function rawHttp(url: string, bytes: string | Buffer, quietMs = 150): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise(resolve => {
    const socket = connect(Number(port), hostname, () => socket.end(bytes))
    let received = ''
    socket.setTimeout(quietMs * 20, () => socket.destroy())
    socket.on('data', chunk => {
      received += chunk.toString('latin1')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(received))
  })
}

/** Status lines of the answers in what `rawHttp` received. */
export const statuses = (received: string): number[] =>
  [...received.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(match => Number(match[1]))
