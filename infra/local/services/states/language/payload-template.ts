import { evaluateIntrinsic, isIntrinsic, parseIntrinsic } from './intrinsics.ts'
import { isObject, type Json } from './json.ts'
import { parsePath, readPath, type Scope } from './json-path.ts'
import { runtimeError } from './state-error.ts'

/** Builds `Parameters`, `ResultSelector` or `ItemSelector`: members whose name ends in `.$` are paths or intrinsics. */
export function fillTemplate(template: Json, scope: Scope): Json {
  if (Array.isArray(template)) return template.map(item => fillTemplate(item, scope))
  if (!isObject(template)) return template
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => {
      if (!name.endsWith('.$')) return [name, fillTemplate(value, scope)]
      if (typeof value !== 'string') throw runtimeError(`The value of '${name}' must be a path`)
      return [
        name.slice(0, -2),
        isIntrinsic(value) ? evaluateIntrinsic(value, scope) : readPath(value, scope, name),
      ]
    }),
  )
}

/** Reads every path and intrinsic of a template once, so that mistakes stop the start and not an execution. */
export function checkTemplate(template: Json): void {
  if (Array.isArray(template)) template.forEach(checkTemplate)
  if (!isObject(template)) return
  for (const [name, value] of Object.entries(template)) {
    if (!name.endsWith('.$')) checkTemplate(value)
    else if (typeof value !== 'string') throw runtimeError(`The value of '${name}' must be a path`)
    else if (isIntrinsic(value)) parseIntrinsic(value)
    else parsePath(value)
  }
}
