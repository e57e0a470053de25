import type { DeleteTableCommandInput } from '@aws-sdk/client-dynamodb'
import { type Operation, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Dynamo, requiredName } from '../request.ts'

export function deleteTable({ cloud, tables }: Dynamo): Operation {
  return (input: DeleteTableCommandInput, { authorize }) => {
    refuseUnknown('dynamodb DeleteTable', input, ['TableName'])
    const name = requiredName(input.TableName)
    authorize('dynamodb:DeleteTable', tables.arnOf(name))
    const table = tables.find(name)
    if (table.DeletionProtectionEnabled) {
      const why = 'Resource cannot be deleted as it is currently protected against deletion.'
      throw new ServiceError('ValidationException', `${why} Disable deletion protection first.`)
    }
    tables.remove(name)
    cloud.clock.wrote()
    return { TableDescription: { ...table, TableStatus: 'DELETING' } }
  }
}
