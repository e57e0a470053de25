import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { mockClient } from 'aws-sdk-client-mock'
import { beforeEach, expect, test } from 'vitest'
import { createInvoke, InvokeError } from './invoke.ts'

const client = mockClient(LambdaClient)
beforeEach(() => client.reset())

const invoke = createInvoke('tollgate-access', new LambdaClient())
/** As the SDK hands it out. */
const payloadOf = (text: string) =>
  Object.assign(new TextEncoder().encode(text), { transformToString: () => text })

test('a payload goes out and comes back as JSON', async () => {
  client.on(InvokeCommand).resolves({ Payload: payloadOf('{"ok":true}') })
  expect(await invoke({ procedure: 'x' })).toEqual({ ok: true })
  const { FunctionName, Payload } = client.commandCalls(InvokeCommand)[0]?.args[0].input ?? {}
  expect(FunctionName).toBe('tollgate-access')
  expect(new TextDecoder().decode(Payload as Uint8Array)).toBe('{"procedure":"x"}')
})

test('a function that failed throws with its name and kind of error, never with a payload', async () => {
  const failure = payloadOf('{"errorType":"DynamoError","errorMessage":"secret","trace":["secret"]}')
  client.on(InvokeCommand).resolves({ FunctionError: 'Unhandled', Payload: failure })
  const failed = await invoke({ secret: 1 }).catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(InvokeError)
  expect(String(failed)).toBe('InvokeError: The function tollgate-access failed with DynamoError')
  expect(JSON.stringify(failed)).not.toContain('secret')
})

test('a function that timed out names that', async () => {
  client.on(InvokeCommand).resolves({ FunctionError: 'Unhandled', Payload: payloadOf('"x"') })
  await expect(invoke({})).rejects.toThrow(/Unhandled/)
})
