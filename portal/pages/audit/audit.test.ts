import { expect, test } from 'vitest'
import { appendAudit } from '#kernel/audit'
import { accountIdOf } from '#kernel/ids'
import type { Actor } from '#kernel/rpc'
import { MINUTE_MS, plusMs } from '#kernel/time'
import { NOW } from '../../testing/fake-services.ts'
import { createTestPortal } from '../../testing/test-portal.ts'
import { changedFields, describeAction } from './describe.ts'

const admin: Actor = { kind: 'admin', userId: 'usr_admin' }

function portalWithTrail() {
  const portal = createTestPortal()
  const record = (
    service: 'access' | 'billing',
    minutesAgo: number,
    action: string,
    accountId: string | null,
  ) =>
    appendAudit(
      portal.world.audit[service],
      { now: plusMs(NOW, -minutesAgo * MINUTE_MS), actor: admin, requestId: 'r' },
      { accountId, action, reason: `because of ${minutesAgo}` },
    )
  return { ...portal, record }
}

async function accountOf(portal: ReturnType<typeof createTestPortal>, email: string): Promise<string> {
  const person = portal.people.get(email)
  if (!person) throw new Error(`${email} did not sign up`)
  return accountIdOf(person.userId)
}

test('a customer reads what both services did to the own account in one order, and nothing of anybody else', async () => {
  const portal = portalWithTrail()
  const browser = await portal.signedIn('ada@example.com')
  const accountId = await accountOf(portal, 'ada@example.com')
  await portal.record('billing', 30, 'credit.granted', accountId)
  await portal.record('access', 20, 'key.created', accountId)
  await portal.record('billing', 10, 'plan.changed', accountId)
  await portal.record('billing', 5, 'invoice.refunded', 'acct_0000000000000000000001')
  const { html } = await browser.get('/settings/activity')
  const order = ['Plan changed', 'Key created', 'Credit granted'].map(text => html.indexOf(text))
  expect(order.every(at => at > 0)).toBe(true)
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  expect(html).toContain('because of 30')
  expect(html).not.toContain('Invoice refunded')
})

test('an admin pages through the trail of the deployment, each record once', async () => {
  const portal = portalWithTrail()
  const browser = await portal.signedIn('root@example.com', { admin: true })
  for (let i = 0; i < 70; i++) await portal.record(i % 2 ? 'access' : 'billing', i, `act.number_${i}_`, null)
  const seen: string[] = []
  for (let next: string | undefined = '/admin/audit'; next; ) {
    const { html } = await browser.get(next)
    seen.push(...[...html.matchAll(/Act number (\d+)/g)].map(([, number = '']) => number))
    next = /href="(\/admin\/audit\?before=[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
  }
  expect(seen).toEqual(Array.from({ length: 70 }, (_, i) => String(i)))
})

test('the trail of the deployment is hidden from customers', async () => {
  const browser = await portalWithTrail().signedIn('ada@example.com')
  expect((await browser.get('/admin/audit')).status).toBe(404)
})

test('what is no account id is said to be none and not looked up', async () => {
  const browser = await portalWithTrail().signedIn('root@example.com', { admin: true })
  const { status, html } = await browser.get('/admin/audit?account=%3Cb%3E')
  expect(status).toBe(200)
  expect(html).toContain('This is no account id')
  expect(html).not.toContain('<b>')
})

test('only what differs is shown, in words; what is null or empty is absent', () => {
  const before = { capUnits: 1000, plan: { id: 'starter', version: 1 }, same: [1], blocks: [] }
  const after = { capUnits: null, plan: { id: 'starter', version: 2 }, same: [1], endsAt: NOW, version: 3 }
  expect(changedFields({ before, after })).toEqual([
    { name: 'cap units', before: '1,000', after: undefined },
    { name: 'plan version', before: '1', after: '2' },
    { name: 'ends at', before: undefined, after: '22 Nov 2026, 14:03 UTC' },
  ])
  expect(changedFields({ before: 'a', after: 'b' })).toEqual([{ name: 'value', before: 'a', after: 'b' }])
})

test('an action reads as words', () => {
  expect(describeAction('spend_cap.changed')).toBe('Spend cap changed')
})
