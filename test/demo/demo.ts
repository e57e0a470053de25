import { SingleBar } from 'cli-progress'
import { formatMinor } from '#billing/contract'
import { HOUR_MS, MINUTE_MS, SECOND_MS, toIso } from '#kernel/time'
import { build, type Tollgate } from '../../infra/launch.ts'
import { batchOf, type Customer } from '../../infra/seed/customer.ts'
import { accountIdOfEmail } from '../support/account.ts'
import {
  advance,
  billingOf,
  expectOk,
  newCustomer,
  operatorCall,
  startTollgate,
} from '../support/tollgate.ts'

/** `npm run demo`: one customer's month in the terminal. Exit code 0 only if metered = reported = invoiced. */
const EMAIL = 'ada@example.com'
const FREE_CALLS = 300
const PAID_CALLS = 300
const PAID_UNITS = 25_000

const startedAt = performance.now()
say('Building and provisioning Tollgate …')
await build()
const tollgate = await startTollgate('2026-03-02T09:00:00Z')
try {
  await tellStory(tollgate)
} finally {
  await tollgate.stop()
}
say(`\n${((performance.now() - startedAt) / 1000).toFixed(1)} s`)

async function tellStory(tollgate: Tollgate): Promise<void> {
  const customer = newCustomer(tollgate, EMAIL)
  say('\n1  Ada signs up and creates a key')
  await customer.signUp()
  await tollgate.clock.whenIdle()
  const key = await customer.createKey('Production')
  say(`   ${key.slice(0, 12)}…`)

  say(`\n2  ${FREE_CALLS} calls on Free; some are wrong, and the bucket holds 20`)
  const free = await freeCalls(tollgate, customer)
  say(
    `   ${free.units} units, ${free.failed} failed calls at no charge, ${free.throttled} times rate limited`,
  )
  await advance(tollgate, 2 * MINUTE_MS)
  say(`   The portal shows ${await unitsOnPortal(tollgate)} units used`)

  say('\n3  Ada buys Starter on the Checkout page')
  await customer.buy('starter')
  await advance(tollgate, 2 * MINUTE_MS)

  say(`\n4  ${PAID_UNITS.toLocaleString('en-US')} units in ${PAID_CALLS} calls and batches`)
  const units = await paidCalls(tollgate, customer)
  say(`   ${units.toLocaleString('en-US')} units`)

  await monthEnd(tollgate, units)
}

async function freeCalls(tollgate: Tollgate, customer: Customer) {
  const count = { units: 0, failed: 0, throttled: 0 }
  await withBar(FREE_CALLS, async step => {
    for (let i = 0; i < FREE_CALLS; i += 1) {
      const send = () =>
        i % 10 === 9
          ? customer.call('/v1/email', { mail: 'wrong member' })
          : customer.call('/v1/email', { email: `p${i}@example.com` })
      let answer = await send()
      while (answer.status === 429) {
        count.throttled += 1
        await advance(tollgate, 10 * SECOND_MS)
        answer = await send()
      }
      count.units += answer.units
      if (answer.status >= 400) count.failed += 1
      step()
    }
  })
  return count
}

/** 249 full batches, one of 51, 49 single checks and one mistake: 25,000 units in 300 calls. */
async function paidCalls(tollgate: Tollgate, customer: Customer): Promise<number> {
  const sizes = [...Array<number>(249).fill(100), 51, ...Array<number>(49).fill(1), 0]
  let units = 0
  await withBar(PAID_CALLS, async step => {
    for (const size of sizes) {
      const send = () =>
        size > 1
          ? customer.call('/v1/batch', batchOf(size))
          : customer.call('/v1/phone', size === 1 ? { phone: '+44 20 7946 0958' } : { phone: 42 })
      let answer = await send()
      while (answer.status === 429) {
        await advance(tollgate, SECOND_MS)
        answer = await send()
      }
      units += answer.units
      step()
    }
  })
  if (units !== PAID_UNITS) throw new Error(`the calls answered ${units} units, not ${PAID_UNITS}`)
  return units
}

async function monthEnd(tollgate: Tollgate, units: number): Promise<void> {
  const billing = billingOf(tollgate)
  const account = { accountId: await accountIdOfEmail(tollgate, EMAIL) }
  const { segment } = expectOk(await billing.getSubscription(account, operatorCall(tollgate)))
  say(`\n5  The month ends at ${toIso(segment.end)}, and a day later the log path has drained`)
  await withBar(1, async step => {
    await tollgate.clock.advanceTo(segment.end + 26 * HOUR_MS)
    step()
  })
  const { invoices } = expectOk(await billing.listInvoices(account, operatorCall(tollgate)))
  const closed = invoices.find(invoice => invoice.period.start === segment.start && invoice.close !== null)
  if (!closed) throw new Error(`no closed invoice among ${JSON.stringify(invoices)}`)
  const invoice = expectOk(
    await billing.getInvoice({ ...account, invoiceId: closed.invoiceId }, operatorCall(tollgate)),
  )

  say(`\n6  Invoice ${invoice.number}, ${invoice.status}`)
  const money = (minor: string) => formatMinor(BigInt(minor), invoice.currency).padStart(10)
  for (const line of invoice.lines) say(`   ${money(line.amountMinor)}   ${line.description}`)
  say(`   ${money(invoice.totalMinor)}   total`)

  const { proof } = invoice
  if (!proof) throw new Error('the invoice has no proof')
  say(
    `\n   metered ${proof.meteredUnits} + carried in ${proof.carriedInUnits} − carried out ${proof.carriedOutUnits} − waived ${proof.waivedUnits}` +
      ` = reported ${proof.reportedUnits} = invoiced ${proof.invoicedUnits}   ${proof.holds ? '✓ holds' : '✗ DOES NOT HOLD'}`,
  )
  if (!proof.holds || proof.meteredUnits !== units || invoice.status !== 'paid') process.exitCode = 1
}

async function unitsOnPortal(tollgate: Tollgate): Promise<number> {
  const account = { accountId: await accountIdOfEmail(tollgate, EMAIL) }
  return expectOk(await billingOf(tollgate).getSubscription(account, operatorCall(tollgate))).unitsUsed
}

async function withBar(total: number, work: (step: () => void) => Promise<void>): Promise<void> {
  const bar = new SingleBar({
    format: '   {bar} {value}/{total}',
    barsize: 40,
    hideCursor: true,
    clearOnComplete: true,
  })
  if (process.stdout.isTTY) bar.start(total, 0)
  try {
    await work(() => bar.increment())
  } finally {
    bar.stop()
  }
}

function say(line: string): void {
  console.log(line)
}
