import { once } from 'node:events'
import { AwsClient } from 'aws4fetch'
import { createDispatcher } from '../../../endpoint/dispatch.ts'
import { createEndpoint } from '../../../endpoint/endpoint.ts'
import { createIam } from '../../../iam/iam.ts'
import { ROOT_CREDENTIALS } from '../../../options.ts'
import { freePorts } from '../../../testing/assembly.ts'
import { fakeCloud } from '../../../testing/fake-cloud.ts'
import { createS3Service } from '../index.ts'

const ACCOUNT = '000000000000'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`

/** S3 behind the AWS endpoint, with real IAM and a role that may do what `allow` says. */
export async function serveS3(allow: readonly { Action: string | string[]; Resource: string }[] = []) {
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const iam = createIam(ACCOUNT)
  iam.createRole(ROLE, { Statement: [] })
  if (allow.length > 0)
    iam.putRolePolicy(ROLE, 'own', { Statement: allow.map(one => ({ Effect: 'Allow', ...one })) })
  const cloud: ReturnType<typeof fakeCloud> = {
    ...fakeCloud(Date.now(), url),
    authorize: iam.authorize,
    setResourcePolicy: iam.setResourcePolicy,
  }
  const s3 = createS3Service(cloud)
  const dispatch = createDispatcher(cloud)
  const server = createEndpoint({ cloud, services: [s3], dispatch, identityOf: iam.identityOf })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  const signer = { service: 's3', region: 'us-east-1', retries: 0, ...ROOT_CREDENTIALS }
  const root = new AwsClient(signer)
  const accessKeyId = iam.accessKeyFor(ROLE, 'session', 'environment')
  const role = new AwsClient({ ...signer, accessKeyId, sessionToken: ROOT_CREDENTIALS.secretAccessKey })
  return {
    url,
    cloud,
    s3,
    root,
    role,
    /** An address that is signed in its query, at the local time. */
    async presign(path: string, { by = role, seconds = 60, query = {} as Record<string, string> } = {}) {
      const at = new URL(path, url)
      at.searchParams.set('X-Amz-Expires', String(seconds))
      for (const [name, value] of Object.entries(query)) at.searchParams.set(name, value)
      const datetime = new Date(cloud.clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, '')
      const { url: signed } = await by.sign(at, { aws: { signQuery: true, datetime } })
      return signed
    },
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
