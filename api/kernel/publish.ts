import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { Publish } from './outbox.ts'

/**
 * Puts domain events on a bus: detail type = event type, detail = `{id, at, data}`. Resolves only when the bus took
 * the event; PutEvents answers 200 for refused entries, so the count is checked
 * (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html).
 */
export function createPublisher(
  busName: string,
  source: string,
  client: Pick<EventBridgeClient, 'send'> = new EventBridgeClient(),
): Publish {
  return async ({ id, type, at, data }) => {
    const answer = await client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: busName,
            Source: source,
            DetailType: type,
            Time: new Date(at),
            Detail: JSON.stringify({ id, at, data }),
          },
        ],
      }),
    )
    if (answer.FailedEntryCount === 0) return
    const refusal = answer.Entries?.[0]?.ErrorCode ?? 'no reason given'
    throw new PublishError(`The bus ${busName} refused ${type} ${id}: ${refusal}`)
  }
}

/** The bus did not take an event: it may when the event is published again. State machines retry by this name. */
export class PublishError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'PublishError'
  }
}
