import { type Action, refuse } from './action.ts'

/** Sends a dead letter to where it came from again. */
export const redrive: Action = {
  method: 'POST',
  path: '/dead-letters/:queue/:id/redrive',
  async run(sources, { params }) {
    const { queue = '', id = '' } = params
    if (!sources.deadLetters().some(letter => letter.queue === queue && letter.id === id)) {
      return refuse(404, 'no_such_letter', 'No such dead letter', `The queue ${queue} has no message ${id}.`)
    }
    try {
      return { done: { queue, id, redrivenTo: await sources.redrive(queue, id) } }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return refuse(409, 'not_redriven', 'The dead letter stays', why)
    }
  },
}
