import type { State } from '../language/definition.ts'
import type { Json } from '../language/json.ts'
import { readPath } from '../language/json-path.ts'
import { runtimeError, StateError } from '../language/state-error.ts'
import type { Frame } from '../state.ts'
import { callTask } from './call-task.ts'
import { scopeOf } from './context-object.ts'
import { parametersOf } from './data-flow.ts'
import { dataText, Ended, type Run, record } from './run.ts'
import type { Work } from './work-state.ts'

type Limits = { readonly timeout: number | undefined; readonly heartbeat: number | undefined }

/** Calls what a task names and writes down how it went. */
export async function runTask(work: Work): Promise<Json> {
  const { run, frame, state } = work
  const resource = String(state.Resource)
  const parameters = parametersOf(run, frame, state)
  const limits = {
    timeout: secondsOf(run, frame, state, 'TimeoutSeconds'),
    heartbeat: secondsOf(run, frame, state, 'HeartbeatSeconds'),
  }
  const direct = resource.includes(':function:')
  const name = direct ? 'LambdaFunction' : 'Task'
  const detailsName = direct ? 'lambdaFunction' : 'task'
  const kind = direct ? {} : kindOf(resource)
  const input = dataText(parameters, frame.state)
  record(run, frame, `${name}Scheduled`, {
    [`${detailsName}ScheduledEventDetails`]: {
      ...(direct ? { resource, input } : { ...kind, region: run.cloud.region, parameters: input }),
      ...(limits.timeout === undefined ? {} : { timeoutInSeconds: limits.timeout }),
      ...(limits.heartbeat === undefined || direct ? {} : { heartbeatInSeconds: limits.heartbeat }),
    },
  })
  record(run, frame, `${name}Started`, direct ? {} : { taskStartedEventDetails: kind })
  try {
    const result = await withTimeout(work, limits, callTask(run, resource, parameters))
    const output = dataText(result, frame.state)
    record(run, frame, `${name}Succeeded`, { [`${detailsName}SucceededEventDetails`]: { ...kind, output } })
    return result
  } catch (error) {
    if (!(error instanceof StateError) || work.control.ended) throw error
    const event = TIMEOUTS.includes(error.error) ? 'TimedOut' : 'Failed'
    const details = { ...kind, error: error.error, ...(error.cause === '' ? {} : { cause: error.cause }) }
    record(run, frame, `${name}${event}`, { [`${detailsName}${event}EventDetails`]: details })
    throw error
  }
}

const TIMEOUTS = ['States.Timeout', 'States.HeartbeatTimeout']

function kindOf(resource: string): { resourceType: string; resource: string } {
  const [, service = '', action = ''] = /:::(\w+):(\w+)/.exec(resource) ?? []
  return { resourceType: service, resource: action }
}

/** A limit as the state gives it, or its path leads to it. */
function secondsOf(
  run: Run,
  frame: Frame,
  state: State,
  field: 'TimeoutSeconds' | 'HeartbeatSeconds',
): number | undefined {
  const path = state[`${field}Path`]
  const value =
    typeof path === 'string' ? readPath(path, scopeOf(run, frame, frame.input), `${field}Path`) : state[field]
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value
  throw runtimeError(`${field} must be a positive integer, not ${JSON.stringify(value)}`)
}

/**
 * A task's limits pass on the local clock; what it was doing runs on and is ignored. Nobody sends heartbeats for a
 * function that is waited for, so a heartbeat limit is a second, shorter timeout.
 */
async function withTimeout(
  { run, control, frame }: Work,
  { timeout, heartbeat }: Limits,
  task: Promise<Json>,
): Promise<Json> {
  task.catch(() => undefined)
  const { clock } = run.cloud
  const seconds = heartbeat ?? timeout
  const error = heartbeat === undefined ? 'States.Timeout' : 'States.HeartbeatTimeout'
  let stop = () => {}
  const cut = new Promise<never>((_resolve, reject) => {
    const timer =
      seconds === undefined
        ? undefined
        : clock.at(clock.now() + seconds * 1000, `timeout of ${frame.state}`, () =>
            reject(new StateError(error, '')),
          )
    const cancel = () => reject(new Ended())
    control.cancels.add(cancel)
    stop = () => {
      timer?.cancel()
      control.cancels.delete(cancel)
    }
  })
  try {
    return await Promise.race([task, cut])
  } finally {
    stop()
  }
}
