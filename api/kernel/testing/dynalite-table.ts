import type { AddressInfo } from 'node:net'
import dynalite from 'dynalite'
import { createSend } from '../dynamo-request.ts'
import { createDynamoTable } from '../dynamo-table.ts'
import type { Table } from '../table.ts'

/** A DynamoDB emulator in this process, for tests; the tables it makes have the shape that `table.ts` names. */
export async function startDynalite(): Promise<{ createTable(): Promise<Table>; stop(): Promise<void> }> {
  const server = dynalite({ createTableMs: 0 })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const send = createSend(() => ({
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${port}`,
    accessKeyId: 'test',
    secretAccessKey: 'test',
    sessionToken: undefined,
  }))
  let count = 0
  return {
    async createTable() {
      const TableName = `table-${++count}`
      await send('CreateTable', { TableName, ...SHAPE })
      for (;;) {
        const { Table } = (await send('DescribeTable', { TableName })) as { Table: { TableStatus: string } }
        if (Table.TableStatus === 'ACTIVE') return createDynamoTable(TableName, send)
      }
    },
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const keys = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
]
const SHAPE = {
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: keys('pk', 'sk'),
  AttributeDefinitions: ['pk', 'sk', 'outbox', 'outboxAt'].map(AttributeName => ({
    AttributeName,
    AttributeType: 'S',
  })),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'unpublished',
      KeySchema: keys('outbox', 'outboxAt'),
      Projection: { ProjectionType: 'ALL' },
    },
  ],
}
