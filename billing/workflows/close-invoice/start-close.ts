import type { Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import type { Executions } from '../executions.ts'
import { type Started, startWork } from '../start-work.ts'

/** Starts or takes over the close of an invoice: from a notification, from the sweep. */
export const startClose = (
  {
    billing,
    executions,
    machines,
  }: {
    readonly billing: Table
    readonly executions: Executions
    readonly machines: { readonly closeInvoice: string }
  },
  accountId: string,
  invoiceId: string,
  now: Instant,
): Promise<Started> =>
  startWork(
    billing,
    executions,
    {
      machine: 'close-invoice',
      machineArn: machines.closeInvoice,
      object: invoiceId,
      subject: invoiceId,
      input: { accountId, invoiceId },
    },
    now,
  )
