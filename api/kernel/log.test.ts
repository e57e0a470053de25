import { expect, test, vi } from 'vitest'
import { createLog } from './log.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  const collect = (chunk: unknown) => lines.push(String(chunk)) > 0
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(collect),
    vi.spyOn(process.stderr, 'write').mockImplementation(collect),
  ]
  write(createLog('test'))
  for (const spy of spies) spy.mockRestore()
  return lines.join('')
}

test('a log line carries what happened and no secret, wherever the secret stands', () => {
  const text = logged(log =>
    log.error('A call with tg_test_abcdef failed', {
      error: new Error('Stripe refused sk_live_abcdef'),
      request: { Authorization: 'Bearer xyz', password: 'hunter2', code: '123456' },
      failure: { code: 'invalid_api_key' },
    }),
  )
  for (const secret of ['abcdef', 'xyz', 'hunter2', '123456']) expect(text).not.toContain(secret)
  for (const fact of ['tg_test_(masked)', 'Stripe refused', 'invalid_api_key', '"service":"test"'])
    expect(text).toContain(fact)
})
