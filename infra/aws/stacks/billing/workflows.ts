import { ChangePlanMachine } from '../../constructs/machines/change-plan.ts'
import { CloseInvoiceMachine } from '../../constructs/machines/close-invoice.ts'
import { MigratePlanMachine } from '../../constructs/machines/migrate-plan.ts'
import { PublishPlanMachine } from '../../constructs/machines/publish-plan.ts'
import type { FunctionName } from '../../names.ts'
import { type BillingParts, type Doors, LEASED_TIMEOUT } from './parts.ts'

/** The state machines of plans, changes and closes, each with its step function. */
export function workflows(parts: BillingParts): void {
  const { stack, alarms } = parts
  const step = (id: string, name: FunctionName, may: Doors) =>
    parts.workerFunction(id, name, { ...may, stripe: true, publish: true }, LEASED_TIMEOUT).function
  const publishPlan = step('PublishPlanStep', 'publishPlanStep', { access: true })
  const migratePlan = step('MigratePlanStep', 'migratePlanStep', {})
  const changePlan = step('ChangePlanStep', 'changePlanStep', { ledger: 'read', access: true })
  const closeInvoice = step('CloseInvoiceStep', 'closeInvoiceStep', { ledger: 'read', files: 'proofs' })
  new PublishPlanMachine(stack, publishPlan, alarms)
  new MigratePlanMachine(stack, migratePlan, alarms)
  new ChangePlanMachine(stack, changePlan, alarms)
  new CloseInvoiceMachine(stack, closeInvoice, alarms)
}
