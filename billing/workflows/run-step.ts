import * as z from 'zod/mini'
import { describeIssues } from '#kernel/rpc'
import type { Instant } from '#kernel/time'
import { toStepError, WorkflowStateInvalid } from './errors.ts'

/** One step: the state as the machine has it, and the state that replaces it. */
export type Step<S> = (state: S, now: Instant) => Promise<S>

const invocationSchema = z.object({ step: z.string(), state: z.unknown() })

/** A handler for the tasks of one machine: `{step, state}` in, the new state out. */
export function stepHandler<S>(
  schema: z.ZodMiniType<S>,
  steps: Readonly<Record<string, Step<S>>>,
  now: () => Instant,
): (event: unknown) => Promise<S> {
  return async event => {
    const invocation = z.safeParse(invocationSchema, event)
    if (!invocation.success) throw new WorkflowStateInvalid(describeIssues(invocation.error))
    const { step: name, state } = invocation.data
    const step = Object.hasOwn(steps, name) ? steps[name] : undefined
    if (!step) throw new WorkflowStateInvalid(`there is no step "${name}"`)
    const parsed = z.safeParse(schema, state)
    if (!parsed.success) throw new WorkflowStateInvalid(`${name}: ${describeIssues(parsed.error)}`)
    try {
      return await step(parsed.data, now())
    } catch (error) {
      throw toStepError(error)
    }
  }
}
