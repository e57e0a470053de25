import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createPoisonQueue } from './poison-queue.ts'

const poison = { reason: 'not a JSON object', line: 'x', logGroup: 'g', logStream: 's', logEventId: '1' }
const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

/** An SQS endpoint that answers every request with one status. */
async function startQueue(status: number) {
  const requests: { target: unknown; authorization: string; body: unknown }[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { authorization = '', 'x-amz-target': target } = request.headers
    requests.push({ target, authorization, body: JSON.parse(text) })
    response.writeHead(status).end('{}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const environment = {
    ...{ region: 'eu-central-1', endpoint: `http://127.0.0.1:${port}` },
    ...{ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'session' },
  }
  return { requests, send: createPoisonQueue('https://sqs/queue', () => environment) }
}

test('a poison line is sent whole, signed for SQS', async () => {
  const { requests, send } = await startQueue(200)
  await send(poison)
  expect(requests).toEqual([
    {
      target: 'AmazonSQS.SendMessage',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=id\/\d{8}\/eu-central-1\/sqs\/aws4_request/,
      ),
      body: { QueueUrl: 'https://sqs/queue', MessageBody: JSON.stringify(poison) },
    },
  ])
})

test('a queue that does not take the line fails the delivery', async () => {
  const { send } = await startQueue(403)
  await expect(send(poison)).rejects.toThrow('403')
})
