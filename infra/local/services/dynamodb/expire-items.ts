import type { Schedule } from '../../contract.ts'
import type { Item } from './engine/store.ts'
import type { Dynamo } from './request.ts'

const DAY_MS = 86_400_000
/** Times further back are taken for a mistake and left alone. */
const OLDEST_SECONDS = 5 * 365 * 86_400

/**
 * Time to live: once a local day, what has expired is deleted. DynamoDB promises "within a few days" and shows expired
 * items until then, so nothing is filtered from reads.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export function expireItems({ cloud, tables }: Dynamo): Schedule {
  return {
    label: 'dynamodb: time to live',
    next: after => (Math.floor(after / DAY_MS) + 1) * DAY_MS,
    async run() {
      const now = cloud.clock.now() / 1000
      for (const [name, { expiresBy }] of tables.settings) {
        if (expiresBy === undefined) continue
        const table = tables.find(name)
        const expired = [...tables.store.items(name).values()].filter(item =>
          hasExpired(item, expiresBy, now),
        )
        for (const item of expired) tables.store.remove(table, item)
        if (expired.length > 0) cloud.clock.wrote()
      }
    },
  }
}

function hasExpired(item: Item, attribute: string, nowSeconds: number): boolean {
  const seconds = Number(item[attribute]?.N ?? Number.NaN)
  return seconds <= nowSeconds && seconds >= nowSeconds - OLDEST_SECONDS
}
