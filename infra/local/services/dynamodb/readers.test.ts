import { expect, test } from 'vitest'
import type { Identity } from '../../contract.ts'
import { createReaders } from './readers.ts'

const as = (sessionName: string): Identity => ({ kind: 'role', roleArn: `arn:${sessionName}`, sessionName })
const query = (pk: string) => ({ ExpressionAttributeValues: { ':pk': { S: pk } } })
const item = (pk: string, more = {}) => ({ Item: { pk: { S: pk }, sk: { S: 'x' }, ...more } })

function names(concerned: ReadonlySet<string> | undefined) {
  return concerned && [...concerned].sort()
}

test('a write concerns its writer and who has read its partition, by key or by query, and nobody else', () => {
  const readers = createReaders()
  readers.read('t', query('due'), as('sweep'))
  readers.read('t', { Key: { pk: { S: 'due' }, sk: { S: 'x' } } }, as('watch'))
  readers.read('t', query('other'), as('report'))
  readers.read('u', query('due'), as('audit'))
  expect(names(readers.concernedBy('t', item('due'), as('writer')))).toEqual(['sweep', 'watch', 'writer'])
})

test('a write that puts an item into an index concerns who has read that index', () => {
  const readers = createReaders()
  readers.read('t', query('outbox'), as('publish'))
  expect(names(readers.concernedBy('t', item('a', { outbox: { S: 'outbox' } }), as('writer')))).toEqual([
    'publish',
    'writer',
  ])
  const update = { Key: { pk: { S: 'a' } }, ...query('outbox') }
  expect(names(readers.concernedBy('t', update, as('writer')))).toContain('publish')
})

test('a read of everything is concerned by every write of its table', () => {
  const readers = createReaders()
  readers.read('t', {}, as('export'))
  expect(names(readers.concernedBy('t', item('a'), as('writer')))).toContain('export')
  expect(names(readers.concernedBy('u', item('a'), as('writer')))).not.toContain('export')
})

test('what people write concerns everybody', () => {
  expect(createReaders().concernedBy('t', item('a'), { kind: 'root' })).toBeUndefined()
})
