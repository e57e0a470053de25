import type { State } from '../language/definition.ts'
import type { Json } from '../language/json.ts'
import { readPath, type Scope, writePath } from '../language/json-path.ts'
import { fillTemplate } from '../language/payload-template.ts'
import type { Frame } from '../state.ts'
import { scopeOf } from './context-object.ts'
import { dataText, type Run } from './run.ts'

/** The input a state works on: the raw input through InputPath. */
export function effectiveInput(run: Run, frame: Frame, state: State): Json {
  return throughPath(state.InputPath, scopeOf(run, frame, frame.input), 'InputPath')
}

/** The effective input through Parameters. */
export function parametersOf(run: Run, frame: Frame, state: State): Json {
  const input = effectiveInput(run, frame, state)
  return state.Parameters === undefined ? input : fillTemplate(state.Parameters, scopeOf(run, frame, input))
}

/** A result through ResultSelector, put into the raw input at ResultPath, through OutputPath. */
export function outputOf(run: Run, frame: Frame, state: State, result: Json): Json {
  const selected =
    state.ResultSelector === undefined
      ? result
      : fillTemplate(state.ResultSelector, scopeOf(run, frame, result))
  return throughOutputPath(run, frame, state, placeResult(frame.input, state.ResultPath, selected))
}

export function throughOutputPath(run: Run, frame: Frame, state: State, value: Json): Json {
  const output = throughPath(state.OutputPath, scopeOf(run, frame, value), 'OutputPath')
  dataText(output, frame.state)
  return output
}

/** ResultPath `$` replaces the input, `null` throws the result away. */
export function placeResult(input: Json, resultPath: Json | undefined, result: Json): Json {
  if (resultPath === null) return input
  return writePath(typeof resultPath === 'string' ? resultPath : '$', input, result)
}

function throughPath(path: Json | undefined, scope: Scope, field: string): Json {
  if (path === null) return {}
  return typeof path === 'string' ? readPath(path, scope, field) : scope.input
}
