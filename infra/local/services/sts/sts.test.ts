import { afterEach, beforeEach, expect, test } from 'vitest'
import { asRoot, signedByFunction } from '../../endpoint/testing/sign.ts'
import { type Served, serve } from '../../testing/serve.ts'
import { createStsService } from './index.ts'

let served: Served

beforeEach(async () => {
  served = await serve(cloud => [createStsService(cloud)])
})
afterEach(() => served.close())

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const body = 'Action=GetCallerIdentity&Version=2011-06-15'

test('anybody is root', async () => {
  const headers = { ...form, ...asRoot('sts') }
  const text = await (await fetch(served.url, { method: 'POST', headers, body })).text()
  expect(text).toContain('<Arn>arn:aws:iam::000000000000:root</Arn><UserId>000000000000</UserId>')
})

test('a function is its role’s session', async () => {
  const { url, init } = await signedByFunction({ service: 'sts', url: served.url, headers: form, body })
  const text = await (await fetch(url, init)).text()
  expect(text).toContain('<Arn>arn:aws:sts::000000000000:assumed-role/fn/fn</Arn>')
  expect(text).toMatch(/<UserId>AROA[A-Z2-7]{17}:fn<\/UserId><Account>000000000000<\/Account>/)
})

test('a presigned address says the same', async () => {
  const address = { service: 'sts', method: 'GET', url: `${served.url}/?${body}`, presigned: true }
  const { url, init } = await signedByFunction(address)
  expect(await (await fetch(url, init)).text()).toContain(':assumed-role/fn/fn</Arn>')
})

test('nobody has to sign first', async () => {
  const response = await fetch(served.url, { method: 'POST', headers: form, body })
  expect(response.status).toBe(403)
  expect(await response.text()).toContain('<Code>MissingAuthenticationToken</Code>')
})
