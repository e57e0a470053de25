import { beforeEach, expect, test } from 'vitest'
import { accountIdOf } from '#kernel/ids'
import { createMemoryTable } from '#kernel/memory-table'
import { domainEvent } from '#kernel/outbox'
import { DAY_MS, MINUTE_MS, plusMs } from '#kernel/time'
import { createAccountStore } from '../accounts/store.ts'
import { NOVEMBER, NOW } from '../testing/fake-services.ts'
import { type MailerPorts, sendMail } from './send-mail.ts'

const accountId = accountIdOf('sub')
const table = createMemoryTable()
const accounts = createAccountStore(table)
let sent: string[][] = []
let fault: 'none' | 'before' | 'after' = 'none'

const ports: MailerPorts = {
  table,
  accounts,
  portalUrl: 'https://portal.test',
  async send(...mail) {
    if (fault === 'before') throw new Error('SES is down')
    sent.push(mail)
    if (fault === 'after') throw new Error('cut off')
  },
}
let count = 0
const closed = (change = {}) => ({
  id: `evt_${++count}`,
  type: 'invoice.closed',
  data: {
    accountId,
    invoiceId: 'in_1',
    number: 'TG-0001',
    period: NOVEMBER,
    currency: 'usd',
    totalMinor: '3650',
    equal: true,
    ...change,
  },
})

const threshold = (of: string, percent: number) => ({
  ...{ segment: NOVEMBER, planName: 'Starter', unit: 'check', currency: 'usd', of, percent },
  ...{ limitUnits: 20_000, limitMinor: of === 'spend_cap' ? '10000' : null },
})

const unpaid = (change = {}) => ({
  ...{ invoiceId: 'in_1', number: 'TG-0001', remainingMinor: '2900', currency: 'usd' },
  ...{ hostedUrl: 'https://pay.test/in_1', needsAuthentication: false, failedAt: NOW },
  ...{ blockAt: plusMs(NOW, 7 * DAY_MS), cancelAt: plusMs(NOW, 21 * DAY_MS), ...change },
})
const recovered = (how: string) => ({
  ...{ invoiceId: 'in_1', number: 'TG-0001', recoveredAt: NOW, how, wasBlocked: true },
})

beforeEach(async () => {
  sent = []
  fault = 'none'
  const account = { accountId, userId: 'sub', email: 'ada@example.com', createdAt: NOW }
  await accounts.add(account, domainEvent('account.created', NOW, {}))
})

test('a closed invoice is told to its account with number, amount and link', async () => {
  expect(await sendMail(ports, closed(), NOW)).toBe('sent')
  const [[to, subject, text] = []] = sent
  expect([to, subject]).toEqual(['ada@example.com', 'Invoice TG-0001: $36.50'])
  expect(text).toContain('1 Nov – 1 Dec 2026 (UTC)')
  expect(text).toContain('every line matches')
  expect(text).toContain('https://portal.test/billing/in_1')
})

test('a fact that is delivered twice is told once', async () => {
  const fact = closed()
  await sendMail(ports, fact, NOW)
  expect(await sendMail(ports, fact, NOW)).toBe('already_sent')
  expect(sent).toHaveLength(1)
})

test('while a run is at it another one sends nothing and is delivered again later', async () => {
  const fact = closed()
  fault = 'after'
  await expect(sendMail(ports, fact, NOW)).rejects.toThrow('cut off')
  fault = 'none'
  await expect(sendMail(ports, fact, plusMs(NOW, MINUTE_MS))).rejects.toThrow('another run')
  expect(sent).toHaveLength(1)
})

test('a mail that could not be sent is sent when the claim has run out', async () => {
  const fact = closed()
  fault = 'before'
  await expect(sendMail(ports, fact, NOW)).rejects.toThrow('SES is down')
  fault = 'none'
  expect(await sendMail(ports, fact, plusMs(NOW, 6 * MINUTE_MS))).toBe('sent')
  expect(sent).toHaveLength(1)
})

test('a reached cap is told with its amount and when calls go on', async () => {
  const data = { accountId, ...threshold('spend_cap', 100) }
  await sendMail(ports, { id: 'evt_cap', type: 'spend.threshold_reached', data }, NOW)
  expect(sent[0]?.[2]).toContain('your cap of $100.00. Further calls are refused until 1 Dec 2026 (UTC)')
})

test('a payment that the bank wants confirmed leads to the page where that is done', async () => {
  const data = { accountId, ...unpaid({ needsAuthentication: true }) }
  await sendMail(ports, { id: 'evt_bank', type: 'payment.failed', data }, NOW)
  expect(sent[0]?.[2]).toContain('Confirm it there: https://pay.test/in_1')
  expect(sent[0]?.[2]).toContain('invoice TG-0001 over $29.00')
})

test('facts that concern nobody’s mailbox are passed over, malformed ones are not', async () => {
  expect(await sendMail(ports, { id: 'evt_x', type: 'plan.published', data: {} }, NOW)).toBe('no_mail')
  await expect(sendMail(ports, { ...closed(), data: {} }, NOW)).rejects.toThrow()
  const stranger = closed({ accountId: accountIdOf('stranger') })
  await expect(sendMail(ports, stranger, NOW)).rejects.toThrow('does not know')
  expect(sent).toHaveLength(0)
})

test.each([
  ['plan.changed', { planVersionId: 'starter@1', planName: 'Starter', changedAt: NOW }, /You are on Starter/],
  ['payment.failed', unpaid(), /^A payment did not go through$/],
  ['payment.failed', unpaid({ needsAuthentication: true }), /^Your bank asks you to confirm/],
  ['payment.authentication_needed', unpaid(), /^Your bank asks you to confirm/],
  ['payment.overdue', { ...unpaid(), stage: 'reminder' }, /^An invoice is still unpaid$/],
  ['payment.overdue', { ...unpaid(), stage: 'last_warning' }, /^Calls will be refused from 29 Nov 2026$/],
  ['payment.overdue', { ...unpaid(), stage: 'blocked' }, /^Calls are refused/],
  ['payment.overdue', { ...unpaid(), stage: 'cancelled' }, /^Your subscription has ended$/],
  ['payment.recovered', recovered('paid'), /^Your payment went through$/],
  ['payment.recovered', recovered('forgiven'), /does not have to be paid any more$/],
  ['suspension.placed', { reason: 'Abuse.', invoiceId: null, placedAt: NOW }, /is suspended$/],
  ['suspension.lifted', { liftedAt: NOW }, /was lifted$/],
  ['spend.threshold_reached', threshold('hard_limit', 80), /^80 % of your 20,000 checks are used$/],
  ['spend.threshold_reached', threshold('hard_limit', 100), /^All 20,000 checks are used$/],
  ['spend.threshold_reached', threshold('included_units', 50), /^50 % of your included checks are used$/],
  ['spend.threshold_reached', threshold('spend_cap', 80), /^80 % of your spend cap is used$/],
  ['spend.threshold_reached', threshold('spend_cap', 100), /^Your spend cap is reached$/],
])('%s is told', async (type, data, subject) => {
  await sendMail(ports, { id: `evt_${++count}`, type, data: { accountId, ...data } }, NOW)
  expect(sent[0]?.[1]).toMatch(subject)
})
