import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { mockClient } from 'aws-sdk-client-mock'
import { beforeEach, expect, test } from 'vitest'
import { domainEvent } from './outbox.ts'
import { createPublisher } from './publish.ts'
import { instant } from './time.ts'

const client = mockClient(EventBridgeClient)
beforeEach(() => client.reset())

const publish = createPublisher('tollgate', 'tollgate.billing', new EventBridgeClient())
const event = domainEvent('plan.published', instant(1_000), { planVersionId: 'starter@1' })

test('an event is put on the bus with its id, so that consumers can deduplicate', async () => {
  client.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] })
  await publish(event)
  const [entry] = client.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries ?? []
  expect(entry).toMatchObject({
    EventBusName: 'tollgate',
    Source: 'tollgate.billing',
    DetailType: 'plan.published',
    Time: new Date(1_000),
  })
  expect(JSON.parse(entry?.Detail ?? '')).toEqual({
    id: event.id,
    at: 1_000,
    data: { planVersionId: 'starter@1' },
  })
})

test('an entry that the bus refused is an error although the call succeeded', async () => {
  client
    .on(PutEventsCommand)
    .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] })
  const refusal = {
    name: 'PublishError',
    message: expect.stringMatching(/plan\.published.*ThrottlingException/),
  }
  await expect(publish(event)).rejects.toMatchObject(refusal)
})
