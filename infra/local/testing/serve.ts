import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Identity, Service } from '../contract.ts'
import { createDispatcher } from '../endpoint/dispatch.ts'
import { createEndpoint } from '../endpoint/endpoint.ts'
import { type FakeCloud, fakeCloud } from './fake-cloud.ts'

export const START = Date.UTC(2030, 0, 1)
/** The access key of the one function there is. */
export const FUNCTION_KEY = 'ASIAFN'
export const FUNCTION: Identity = {
  kind: 'role',
  roleArn: 'arn:aws:iam::000000000000:role/fn',
  sessionName: 'fn',
}

export type Served = { readonly cloud: FakeCloud; readonly url: string; close(): Promise<void> }

/** Services on an endpoint of their own, with doors that only write down what came. */
export async function serve(make: (cloud: FakeCloud) => readonly Service[]): Promise<Served> {
  const cloud = fakeCloud(START)
  const services = make(cloud)
  const server = createEndpoint({
    cloud,
    services,
    dispatch: createDispatcher(cloud),
    identityOf: key => (key === FUNCTION_KEY ? FUNCTION : { kind: 'root' }),
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    cloud,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await Promise.all(services.map(service => service.stop?.()))
    },
  }
}
