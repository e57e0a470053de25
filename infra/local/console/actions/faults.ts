import { type Action, fieldsOf, type Outcome, refuse } from './action.ts'

/** Sets a fault switch. JSON as a test gives it, or the flat fields of the page's form. */
export const setFault: Action = {
  method: 'POST',
  path: '/faults',
  run({ faults }, { body }) {
    try {
      const id = faults.add(isFlat(body) ? nested(fieldsOf(body)) : body)
      return { done: faults.list().find(fault => fault.id === id), status: 201 }
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      return refuse(400, 'invalid_fault', 'The switch was not set', detail)
    }
  },
}

export const removeFault: Action = {
  method: 'DELETE',
  path: '/faults/:id',
  run({ faults }, { params }) {
    const { id = '' } = params
    if (faults.remove(id)) return { done: { removed: id } }
    return refuse(404, 'no_such_fault', 'No such switch', `There is no switch ${id}; GET /faults lists them.`)
  },
}

export const clearFaults: Action = {
  method: 'DELETE',
  path: '/faults',
  run({ faults }): Outcome {
    const removed = faults.list().map(fault => fault.id)
    faults.clear()
    return { done: { removed } }
  },
}

/** Forms can only post. */
export const removeFaultByForm: Action = { ...removeFault, method: 'POST', path: '/faults/:id/remove' }
export const clearFaultsByForm: Action = { ...clearFaults, method: 'POST', path: '/faults/clear' }

const isFlat = (body: unknown): boolean => Object.hasOwn(fieldsOf(body), 'kind')

const EFFECT_FIELDS = ['kind', 'when', 'code', 'status', 'message', 'ms']
const NUMBERS = ['nth', 'times', 'ms', 'status']

function nested(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const typed = Object.entries(fields).map(([name, value]): [string, unknown] => [
    name,
    NUMBERS.includes(name) ? Number(value) : value,
  ])
  const isEffect = ([name]: [string, unknown]) => EFFECT_FIELDS.includes(name)
  return {
    ...Object.fromEntries(typed.filter(one => !isEffect(one))),
    effect: Object.fromEntries(typed.filter(isEffect)),
  }
}
