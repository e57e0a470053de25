import type { Action } from './action.ts'
import { cancelPlan } from './cancel-plan.ts'
import { changeCard } from './change-card.ts'
import { changePlan } from './change-plan.ts'
import { changePrices } from './change-prices.ts'
import { migratePlan } from './migrate-plan.ts'
import { purchase } from './purchase.ts'
import { repairCard } from './repair-card.ts'
import { setSpendCap } from './set-spend-cap.ts'
import { signUp } from './sign-up.ts'
import { undoChange } from './undo-change.ts'
import { use } from './use.ts'

/** Everything that people do in a random run. */
export const ACTIONS: readonly Action[] = [
  ...[signUp, use, purchase, changePlan, cancelPlan, undoChange, setSpendCap],
  ...[changeCard, repairCard, changePrices, migratePlan],
]
