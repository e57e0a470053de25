import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn'
import { afterEach, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '#kernel/time'
import { FUNCTIONS, MACHINES, STACKS } from '../../infra/aws/names.ts'
import type { Tollgate } from '../../infra/launch.ts'
import { batchOf, type Customer } from '../../infra/seed/customer.ts'
import { accountIdOfEmail } from '../support/account.ts'
import { advance, billingOf, expectOk, newCustomer, operatorCall } from '../support/tollgate.ts'
import { type GrantToRemove, startWithout } from '../support/without-grant.ts'

let tollgate: Tollgate | undefined
afterEach(async () => {
  await tollgate?.stop()
  tollgate = undefined
})

/** The product without the grant, and a customer with a key who made a call. */
async function start(
  grant: GrantToRemove,
  plan?: string,
): Promise<{ running: Tollgate; customer: Customer; status: number }> {
  const running = await startWithout(grant, '2026-03-02T09:00:00Z')
  tollgate = running
  const customer = newCustomer(running, 'mary@example.com')
  await customer.signUp()
  await running.clock.whenIdle()
  await customer.createKey('Production')
  if (plan) await customer.buy(plan)
  await advance(running, 2 * MINUTE_MS)
  const { status } = await customer.call('/v1/batch', batchOf(3))
  return { running, customer, status }
}

/** What the cloud noted of refused calls: who, what, on what and why. */
const refusals = (running: Tollgate, action: string): string[] =>
  running
    .journal()
    .map(({ summary }) => summary)
    .filter(summary => summary.includes(`is not authorized to perform: ${action} on resource: `))

async function logsOf(running: Tollgate, functionName: string): Promise<string> {
  const logs = new CloudWatchLogsClient(running.aws)
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}` }),
  )
  return events.map(event => event.message).join('')
}

async function lastClose(running: Tollgate) {
  const workflows = new SFNClient(running.aws)
  const { stateMachines = [] } = await workflows.send(new ListStateMachinesCommand({}))
  const machine = stateMachines.find(({ name }) => name === MACHINES.closeInvoice)
  const { executions = [] } = await workflows.send(
    new ListExecutionsCommand({ stateMachineArn: machine?.stateMachineArn }),
  )
  return workflows.send(new DescribeExecutionCommand({ executionArn: executions.at(-1)?.executionArn }))
}

async function subscription(running: Tollgate, customer: Customer) {
  const accountId = await accountIdOfEmail(running, customer.email)
  return expectOk(await billingOf(running).getSubscription({ accountId }, operatorCall(running)))
}

describe('a grant that the templates lack is missed on the laptop, at the call that needs it', () => {
  it('without its update of the access table, the API counts no call: it fails, and does not tell its caller why', async () => {
    const { running, customer, status } = await start({
      stack: STACKS.api,
      role: 'ApiRole',
      action: 'dynamodb:UpdateItem',
      resource: 'Access',
    })
    expect(status).toBeGreaterThanOrEqual(500)
    const { body } = await customer.call('/v1/batch', batchOf(3))
    expect(JSON.stringify(body)).not.toMatch(/dynamodb|role|arn:/)
    expect(refusals(running, 'dynamodb:UpdateItem')[0]).toMatch(
      /assumed-role\/tollgate-api-ApiRole.*\/tollgate-api is not .*:table\/tollgate-access because no identity-based policy/,
    )
  })

  it('without its put into the ledger, recorded usage waits in the dead letters', async () => {
    const { running, customer, status } = await start({
      stack: STACKS.billing,
      role: 'RecordUsageRole',
      action: 'dynamodb:PutItem',
      resource: 'Ledger',
    })
    expect(status).toBe(200)
    await advance(running, HOUR_MS)
    expect((await subscription(running, customer)).unitsUsed).toBe(0)
    expect(refusals(running, 'dynamodb:PutItem')[0]).toMatch(
      /RecordUsageRole.*:table\/tollgate-ledger because/,
    )
    const letters = JSON.stringify(running.services.sqs.deadLetters())
    expect(letters).toContain(FUNCTIONS.recordUsage)
  })

  it('without its read of Stripe’s key, usage is not reported', async () => {
    const { running, customer } = await start(
      {
        stack: STACKS.billing,
        role: 'ReportUsageRole',
        action: 'secretsmanager:GetSecretValue',
        resource: 'Stripe',
      },
      'starter',
    )
    await advance(running, 3 * HOUR_MS)
    expect((await subscription(running, customer)).unitsUsed).toBe(3)
    expect(refusals(running, 'secretsmanager:GetSecretValue')[0]).toMatch(
      /ReportUsageRole.*:secret:tollgate\/stripe.* because/,
    )
    expect(await logsOf(running, FUNCTIONS.reportUsage)).toContain(
      'is not authorized to perform: secretsmanager:GetSecretValue on resource: ',
    )
  })

  it('without its invocation of the step, the close of an invoice fails, and the invoice stays uncollected', async () => {
    const { running, customer } = await start(
      {
        stack: STACKS.billing,
        role: 'CloseInvoiceMachineRole',
        action: 'lambda:InvokeFunction',
        resource: 'CloseInvoiceStepFunction',
      },
      'starter',
    )
    const { segment } = await subscription(running, customer)
    await running.clock.advanceTo(segment.end + 2 * HOUR_MS)
    const close = await lastClose(running)
    expect(close).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' })
    expect(close.cause).toMatch(
      /CloseInvoiceMachineRole.* is not authorized to perform: lambda:InvokeFunction on resource: .*:tollgate-close-invoice-step/,
    )
    const { invoices } = expectOk(
      await billingOf(running).listInvoices(
        { accountId: await accountIdOfEmail(running, customer.email) },
        operatorCall(running),
      ),
    )
    expect(invoices.map(({ close: closed }) => closed)).not.toContain('equal')
  })
})
