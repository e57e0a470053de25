import type {
  ValidateStateMachineDefinitionDiagnostic,
  ValidateStateMachineDefinitionInput,
  ValidateStateMachineDefinitionOutput,
} from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { UnsupportedError } from '../../../contract.ts'
import { choice, integer, text } from '../../../input/members.ts'
import { InvalidDefinition } from '../language/invalid-definition.ts'
import { readDefinition } from '../language/read-definition.ts'
import type { StatesOperation } from '../states.ts'

const input = z.strictObject({
  definition: text({ min: 1, max: 1_048_576 }),
  type: z.optional(choice('STANDARD', 'EXPRESS')),
  severity: z.optional(choice('ERROR', 'WARNING')),
  maxResults: z.optional(integer(0, 100)),
}) satisfies z.ZodType<ValidateStateMachineDefinitionInput>

/** Tells the first mistake. What Step Functions takes and the interpreter does not is refused, not called invalid. */
export const validateStateMachineDefinition: StatesOperation<
  typeof input,
  ValidateStateMachineDefinitionOutput
> = {
  input,
  run(_states, { definition, type = 'STANDARD' }, context) {
    context.authorize('states:ValidateStateMachineDefinition', '*')
    if (type === 'EXPRESS') throw new UnsupportedError('state machines of type EXPRESS')
    const diagnostics = diagnose(definition)
    return { result: diagnostics.length === 0 ? 'OK' : 'FAIL', diagnostics, truncated: false }
  },
}

function diagnose(definition: string): ValidateStateMachineDefinitionDiagnostic[] {
  try {
    readDefinition(definition)
    return []
  } catch (error) {
    if (!(error instanceof InvalidDefinition)) throw error
    return [{ severity: 'ERROR', code: error.diagnosis, message: error.reason, location: error.location }]
  }
}
