import { createHash, randomUUID } from 'node:crypto'
import type { CreateTableCommandInput, TableDescription, Tag } from '@aws-sdk/client-dynamodb'
import { type LocalCloud, ServiceError } from '../../contract.ts'
import { checked } from './engine/engine.ts'
import { type Item, Store, tableNotFound } from './engine/store.ts'

/** What a table has besides items, and what changes at run time. */
export type Settings = {
  /** The attribute whose time ends an item, while time to live is enabled. */
  expiresBy?: string
  readonly tags: readonly Tag[]
  readonly pointInTimeRecovery: boolean
  /** Made by a template: a restart makes it anew. */
  readonly provisioned: boolean
}

export type Tables = ReturnType<typeof createTables>

const UNUSED_CAPACITY = { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 }

/** The tables of the account and their items. */
export function createTables(cloud: Pick<LocalCloud, 'clock' | 'region' | 'accountId'>) {
  const store = new Store()
  const settings = new Map<string, Settings>()
  const arnOf = (name: string) => `arn:aws:dynamodb:${cloud.region}:${cloud.accountId}:table/${name}`

  return {
    store,
    settings,
    arnOf,
    create(input: CreateTableCommandInput, own: Settings): TableDescription {
      const known = checked('CreateTable', input, store)
      const name = known.TableName ?? ''
      if (store.tables.has(name))
        throw new ServiceError('ResourceInUseException', `Table already exists: ${name}`)
      const id = own.provisioned ? createHash('sha256').update(arnOf(name)).digest('hex') : undefined
      const DeletionProtectionEnabled = input.DeletionProtectionEnabled === true
      const table = describe(
        { ...known, DeletionProtectionEnabled },
        arnOf(name),
        new Date(cloud.clock.now()),
        id,
      )
      store.tables.set(name, table)
      settings.set(name, own)
      return table
    },
    /** Throws `ResourceNotFoundException` naming the table. */
    find(name: unknown): TableDescription {
      const table = store.tables.get(String(name))
      if (!table) throw tableNotFound(String(name))
      return table
    },
    settingsOf(name: string): Settings {
      const found = settings.get(name)
      if (!found) throw tableNotFound(name)
      return found
    },
    remove(name: string): void {
      store.tables.delete(name)
      settings.delete(name)
      store.clear(name)
    },
  }
}

function describe(
  input: CreateTableCommandInput,
  arn: string,
  createdAt: Date,
  idDigits: string | undefined,
): TableDescription {
  const capacity = { ...UNUSED_CAPACITY, ...input.ProvisionedThroughput }
  const onDemand = input.BillingMode === 'PAY_PER_REQUEST'
  const index = (name: string | undefined) => ({
    IndexSizeBytes: 0,
    ItemCount: 0,
    IndexArn: `${arn}/index/${name}`,
  })
  return {
    TableName: input.TableName,
    TableArn: arn,
    TableId: idDigits === undefined ? randomUUID() : asUuid(idDigits),
    TableStatus: 'ACTIVE',
    CreationDateTime: createdAt,
    AttributeDefinitions: input.AttributeDefinitions,
    KeySchema: input.KeySchema,
    ItemCount: 0,
    TableSizeBytes: 0,
    ProvisionedThroughput: capacity,
    ...(onDemand && {
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: createdAt },
    }),
    ...(input.GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: input.GlobalSecondaryIndexes.map(given => ({
        ...given,
        ...index(given.IndexName),
        IndexStatus: 'ACTIVE' as const,
        ProvisionedThroughput: { ...UNUSED_CAPACITY, ...given.ProvisionedThroughput },
      })),
    }),
    ...(input.LocalSecondaryIndexes && {
      LocalSecondaryIndexes: input.LocalSecondaryIndexes.map(given => ({
        ...given,
        ...index(given.IndexName),
      })),
    }),
    DeletionProtectionEnabled: input.DeletionProtectionEnabled,
  }
}

function asUuid(digits: string): string {
  return [8, 12, 16, 20, 32].map((end, n) => digits.slice([0, 8, 12, 16, 20][n], end)).join('-')
}

export type TablesState = readonly {
  readonly table: TableDescription
  readonly settings: Settings
  readonly items: ReadonlyMap<string, Item>
}[]

/** By reference: serialized before anything can change it. */
export function captureTables({ store, settingsOf }: Tables): TablesState {
  return [...store.tables].map(([name, table]) => ({
    table,
    settings: settingsOf(name),
    items: store.items(name).entries(),
  }))
}

/**
 * Items go back into their tables. A template's table is as the template says, with the age it had; one that left the
 * template is gone; one that was made at run time is made again.
 */
export function restoreTables({ store, settings }: Tables, state: TablesState): void {
  for (const saved of state) {
    const name = saved.table.TableName ?? ''
    const own = settings.get(name)
    if (!own && saved.settings.provisioned) continue
    const table = own
      ? { ...store.tables.get(name), CreationDateTime: saved.table.CreationDateTime }
      : saved.table
    if (JSON.stringify(table.KeySchema) !== JSON.stringify(saved.table.KeySchema))
      throw new Error(`The table ${name} has another key than its items of the snapshot. Start with --fresh.`)
    store.tables.set(name, table)
    if (!own) settings.set(name, saved.settings)
    store.load(table, saved.items)
  }
}
