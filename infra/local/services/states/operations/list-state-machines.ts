import type { ListStateMachinesInput, ListStateMachinesOutput } from '@aws-sdk/client-sfn'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { paginate } from './paginate.ts'

export const listStateMachines: StatesOperation<ListStateMachinesInput, Wire<ListStateMachinesOutput>> = {
  parameters: { maxResults: 'number', nextToken: 'string' },
  run(states, input, context) {
    context.authorize('states:ListStateMachines', '*')
    const { items, nextToken } = paginate([...states.state.machines.values()], input)
    const stateMachines = items.map(machine => ({
      stateMachineArn: machine.arn,
      name: machine.name,
      type: 'STANDARD' as const,
      creationDate: epochSeconds(machine.createdAt),
    }))
    return { stateMachines, ...(nextToken === undefined ? {} : { nextToken }) }
  },
}
