import type { PlanChangeLine } from '#billing/contract'
import { describeTerms, type PlanTerms } from './plan-terms.ts'

/**
 * What changes from one version of a plan to another, member by member and in words; `before` null: everything is new.
 * Empty when, and only when, both say the same: `0.150` and `0.15` are one price.
 */
export function diffPlans(before: PlanTerms | null, after: PlanTerms): PlanChangeLine[] {
  const old = new Map((before ? describeTerms(before) : []).map(fact => [fact.pointer, fact]))
  const lines: PlanChangeLine[] = []
  for (const fact of describeTerms(after)) {
    const known = old.get(fact.pointer)
    old.delete(fact.pointer)
    if (known?.canonical === fact.canonical) continue
    lines.push({
      ...{ pointer: fact.pointer, label: fact.label },
      ...{ before: known?.text ?? null, after: fact.text },
    })
  }
  for (const { pointer, label, text } of old.values())
    lines.push({ pointer, label, before: text, after: null })
  return lines
}

export const isSamePlan = (a: PlanTerms, b: PlanTerms): boolean => diffPlans(a, b).length === 0
