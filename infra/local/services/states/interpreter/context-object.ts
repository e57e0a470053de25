import type { Json } from '../language/json.ts'
import type { Scope } from '../language/json-path.ts'
import type { Frame } from '../state.ts'
import type { Run } from './run.ts'

/** The scope of a state's paths; `$$` is the context object. */
export const scopeOf = (run: Run, frame: Frame, input: Json): Scope => ({
  input,
  context: contextObject(run, frame),
})

/** docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
function contextObject({ execution }: Run, frame: Frame): Json {
  return {
    Execution: {
      Id: execution.arn,
      Input: JSON.parse(execution.inputText) as Json,
      Name: execution.name,
      RoleArn: execution.machine.roleArn,
      StartTime: new Date(execution.startedAt).toISOString(),
      RedriveCount: execution.redriveCount,
      ...(execution.redrivenAt === undefined
        ? {}
        : { RedriveTime: new Date(execution.redrivenAt).toISOString() }),
    },
    State: {
      EnteredTime: new Date(frame.enteredAt).toISOString(),
      Name: frame.state,
      RetryCount: frame.retryCount,
    },
    StateMachine: { Id: execution.machine.arn, Name: execution.machine.name },
    ...(frame.mapItem === undefined ? {} : { Map: { Item: { ...frame.mapItem } } }),
  }
}
