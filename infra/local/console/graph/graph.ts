/** A state machine as a picture needs it. States of branches and iterators stand beside the others. */
export type StateGraph = {
  readonly startAt: string
  readonly states: readonly GraphState[]
  readonly transitions: readonly GraphTransition[]
}

export type GraphState = { readonly name: string; readonly type: string; readonly comment?: string }

export type GraphTransition = {
  readonly from: string
  readonly to: string
  /** `branch`: into a branch or an iterator, and from its end back. */
  readonly kind: 'next' | 'choice' | 'default' | 'catch' | 'branch'
  /** When it is taken: `outcome = held`, `States.ALL`. */
  readonly label?: string
}
