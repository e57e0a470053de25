import type { ListStateMachinesInput, ListStateMachinesOutput } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { PAGE } from '../members.ts'
import { epochSeconds, type StatesOperation, type Wire } from '../states.ts'
import { paginate } from './paginate.ts'

const input = z.strictObject(PAGE) satisfies z.ZodType<ListStateMachinesInput>

export const listStateMachines: StatesOperation<typeof input, Wire<ListStateMachinesOutput>> = {
  input,
  run(states, query, context) {
    context.authorize('states:ListStateMachines', '*')
    const { items, ...more } = paginate([...states.state.machines.values()], machine => machine.arn, query)
    const stateMachines = items.map(machine => ({
      stateMachineArn: machine.arn,
      name: machine.name,
      type: 'STANDARD' as const,
      creationDate: epochSeconds(machine.createdAt),
    }))
    return { stateMachines, ...more }
  },
}
