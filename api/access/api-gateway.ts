import { setTimeout as pause } from 'node:timers/promises'
import {
  APIGatewayClient,
  ConflictException,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeysCommand,
  GetUsageCommand,
  GetUsagePlansCommand,
  NotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-api-gateway'
import type { CreatedKey, Gateway, UsagePlanView } from './gateway.ts'

/**
 * API Gateway's control plane. CreateApiKey and DeleteApiKey take 5 requests a second, everything together 10, per AWS
 * account and not raisable (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html): calls run one
 * after the other and wait when told so. UpdateUsagePlan, 1 in 20 s, is never called.
 */
export function createGateway(
  restApi: { readonly id: string; readonly stage: string },
  client: Pick<APIGatewayClient, 'send'> = new APIGatewayClient({ maxAttempts: 1 }),
  wait: (ms: number) => Promise<unknown> = pause,
): Gateway {
  const unthrottled = <T>(call: () => Promise<T>) => waitWhileThrottled(call, wait)
  return {
    async findUsagePlan(name) {
      let position: string | undefined
      do {
        const page = await unthrottled(() =>
          client.send(new GetUsagePlansCommand({ limit: PAGE, ...(position && { position }) })),
        )
        const found = page.items?.find(
          plan =>
            plan.name === name &&
            plan.apiStages?.some(({ apiId, stage }) => apiId === restApi.id && stage === restApi.stage),
        )
        if (found?.id) return found.id
        position = page.position
      } while (position)
      return undefined
    },

    async describeUsagePlans() {
      const views: UsagePlanView[] = []
      let position: string | undefined
      do {
        const page = await unthrottled(() =>
          client.send(new GetUsagePlansCommand({ limit: PAGE, ...(position && { position }) })),
        )
        for (const { name = '', throttle, apiStages = [] } of page.items ?? [])
          views.push({
            ...{ name, ratePerSecond: throttle?.rateLimit ?? 0, burst: throttle?.burstLimit ?? 0 },
            hasStage: apiStages.some(({ apiId, stage }) => apiId === restApi.id && stage === restApi.stage),
          })
        position = page.position
      } while (position)
      return views
    },

    async createUsagePlan(name, limits) {
      const plan = await unthrottled(() =>
        client.send(
          new CreateUsagePlanCommand({
            name,
            apiStages: [{ apiId: restApi.id, stage: restApi.stage }],
            throttle: { rateLimit: limits.ratePerSecond, burstLimit: limits.burst },
          }),
        ),
      )
      if (!plan.id) throw new Error(`API Gateway made the usage plan ${name} without an id`)
      return plan.id
    },

    async findKeys(name) {
      const found: CreatedKey[] = []
      let position: string | undefined
      do {
        const page = await unthrottled(() =>
          client.send(
            // `nameQuery` matches prefixes.
            new GetApiKeysCommand({
              nameQuery: name,
              includeValues: true,
              limit: PAGE,
              ...(position && { position }),
            }),
          ),
        )
        for (const { id, value, name: itsName, enabled } of page.items ?? [])
          if (itsName === name && id && value && enabled !== false) found.push({ id, value })
        position = page.position
      } while (position)
      return found
    },

    async createKey(name) {
      // `enabled` defaults to false. The value is API Gateway's own, as its guide asks.
      const key = await unthrottled(() => client.send(new CreateApiKeyCommand({ name, enabled: true })))
      if (!key.id || !key.value) throw new Error(`API Gateway made the key ${name} without an id or value`)
      return { id: key.id, value: key.value }
    },

    async attachKey(usagePlanId, keyId) {
      try {
        await unthrottled(() =>
          client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' })),
        )
      } catch (error) {
        if (!(error instanceof ConflictException)) throw error
      }
    },

    async deleteKey(keyId) {
      try {
        await unthrottled(() => client.send(new DeleteApiKeyCommand({ apiKey: keyId })))
      } catch (error) {
        if (!(error instanceof NotFoundException)) throw error
      }
    },

    async countCalls(usagePlanId, day) {
      const calls = new Map<string, number>()
      let position: string | undefined
      do {
        const range = { usagePlanId, startDate: day, endDate: day, limit: PAGE }
        const page = await unthrottled(() =>
          client.send(new GetUsageCommand({ ...range, ...(position && { position }) })),
        )
        // One pair of used and remaining for each day that was asked for.
        for (const [keyId, [today]] of Object.entries(page.items ?? {}))
          if (today?.[0]) calls.set(keyId, today[0])
        position = page.position
      } while (position)
      return calls
    },
  }
}

/** The most that a page holds. */
const PAGE = 500

const ATTEMPTS = 7
const FIRST_DELAY_MS = 200

/**
 * Only throttling is repeated, up to about 13 s with full jitter: after any other failure a key may exist, and the next
 * run of the job finds it by name.
 */
async function waitWhileThrottled<T>(
  call: () => Promise<T>,
  wait: (ms: number) => Promise<unknown>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof TooManyRequestsException) || attempt === ATTEMPTS) throw error
      await wait(Math.random() * FIRST_DELAY_MS * 2 ** (attempt - 1))
    }
  }
}
