import type { ListTablesCommandInput, ListTablesCommandOutput } from '@aws-sdk/client-dynamodb'
import type { Operation } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { checked } from '../engine/engine.ts'
import type { Dynamo } from '../request.ts'

const PAGE = 100

export function listTables({ tables }: Dynamo): Operation {
  return (input: ListTablesCommandInput, { authorize }): Omit<ListTablesCommandOutput, '$metadata'> => {
    refuseUnknown('dynamodb ListTables', input, ['ExclusiveStartTableName', 'Limit'])
    authorize('dynamodb:ListTables', '*')
    const { ExclusiveStartTableName: after = '', Limit: limit = PAGE } = checked(
      'ListTables',
      input,
      tables.store,
    )
    const names = [...tables.store.tables.keys()].sort().filter(name => name > after)
    const page = names.slice(0, limit)
    const last = page.at(-1)
    return {
      TableNames: page,
      ...(names.length > page.length && last ? { LastEvaluatedTableName: last } : {}),
    }
  }
}
