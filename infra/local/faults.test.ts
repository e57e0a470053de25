import { beforeEach, describe, expect, test } from 'vitest'
import { createClock, type LocalClock } from './clock.ts'
import type { Identity } from './contract.ts'
import { CutError, createFaults, FaultError, type Faults } from './faults.ts'

const PUT = { service: 'dynamodb', operation: 'PutItem', resource: 'ledger' }
const BATCH = { service: 'logs', operation: 'DeliverBatch', resource: '/aws/lambda/api' }

let clock: LocalClock
let faults: Faults
let stopped: Identity[]
let ran: string[]

beforeEach(() => {
  clock = createClock({ mode: 'frozen', startAt: 0 })
  stopped = []
  ran = []
  faults = createFaults({ clock, journal: () => undefined, stop: caller => void stopped.push(caller) })
})

const run = (name: string) => async () => {
  ran.push(name)
  return name
}
const deliver = (name: string) => faults.deliver(BATCH, async () => void ran.push(name))

describe('a call', () => {
  test('runs untouched without a switch, and when no switch matches', async () => {
    faults.add({ service: 'dynamodb', operation: 'GetItem', effect: { kind: 'cut' } })
    faults.add({ ...PUT, resource: 'access', effect: { kind: 'cut' } })
    expect(await faults.call(PUT, run('put'))).toBe('put')
  })

  test('fails before its effect, with the code and status that the switch names', async () => {
    const effect = { kind: 'fail', code: 'ThrottlingException', status: 400, message: 'slow down' }
    faults.add({ ...PUT, effect })
    const failure = await faults.call(PUT, run('put')).catch(error => error)
    expect(failure).toBeInstanceOf(FaultError)
    expect(failure).toMatchObject({ code: 'ThrottlingException', status: 400, message: 'slow down' })
    expect(ran).toEqual([])
  })

  test('is cut off after its effect', async () => {
    faults.add({ ...PUT, effect: { kind: 'cut', when: 'after' } })
    await expect(faults.call(PUT, run('put'))).rejects.toBeInstanceOf(CutError)
    expect(ran).toEqual(['put'])
  })

  test('stops the environment that made it, and nobody else', async () => {
    const caller: Identity = { kind: 'role', roleArn: 'r', sessionName: 'api', environmentId: 'e' }
    faults.add({ ...PUT, effect: { kind: 'stop' } })
    await expect(faults.call({ ...PUT, caller }, run('put'))).rejects.toBeInstanceOf(CutError)
    expect(stopped).toEqual([caller])
  })

  test('comes twice and is answered by the second', async () => {
    faults.add({ ...PUT, effect: { kind: 'duplicate' } })
    let count = 0
    expect(await faults.call(PUT, async () => ++count)).toBe(2)
  })

  test.each([
    ['the nth and as many as told', { nth: 2, times: 2 }, [true, false, false, true]],
    ['every one from the nth on', { nth: 3, times: 0 }, [true, true, false, false]],
    ['the first alone unless told otherwise', {}, [false, true, true, true]],
  ])('is struck at %s', async (_name, counts, expected) => {
    faults.add({ service: '*', operation: 'Put*', ...counts, effect: { kind: 'fail' } })
    const answers: boolean[] = []
    for (const _call of expected) {
      answers.push(
        await faults.call(PUT, run('put')).then(
          () => true,
          () => false,
        ),
      )
    }
    expect(answers).toEqual(expected)
    expect(faults.list()).toMatchObject([{ seen: 4, struck: expected.filter(ok => !ok).length }])
  })

  test('is free again when its switch is removed', async () => {
    const id = faults.add({ ...PUT, times: 0, effect: { kind: 'cut' } })
    expect(faults.remove(id)).toBe(true)
    expect(faults.remove(id)).toBe(false)
    expect(await faults.call(PUT, run('put'))).toBe('put')
  })
})

describe('a delivery', () => {
  test('never comes when dropped, and comes twice when duplicated', async () => {
    faults.add({ ...BATCH, effect: { kind: 'drop' } })
    await deliver('a')
    faults.clear()
    faults.add({ ...BATCH, effect: { kind: 'duplicate' } })
    await deliver('b')
    expect(ran).toEqual(['b', 'b'])
  })

  test('comes later on the local clock', async () => {
    faults.add({ ...BATCH, effect: { kind: 'delay', ms: 1_000 } })
    await deliver('a')
    await clock.advanceTo(999)
    expect(ran).toEqual([])
    await clock.advanceTo(1_000)
    expect(ran).toEqual(['a'])
  })

  test('comes after the next one, once', async () => {
    faults.add({ ...BATCH, effect: { kind: 'reorder' } })
    await deliver('a')
    await deliver('b')
    await clock.advanceTo(3_600_000)
    expect(ran).toEqual(['b', 'a'])
  })

  test('out of order comes after five minutes when no other follows', async () => {
    faults.add({ ...BATCH, effect: { kind: 'reorder' } })
    await deliver('a')
    await clock.advanceTo(300_000)
    expect(ran).toEqual(['a'])
  })
})

describe('what is no fault is refused with what is wrong', () => {
  test.each([
    [null, /This is no fault/],
    [{ service: 'logs', operation: 'x' }, /effect/],
    [{ service: 'logs', operation: 'x', effect: { kind: 'explode' } }, /effect/],
    [{ service: 'logs', operation: 'x', nth: 0, effect: { kind: 'drop' } }, /nth/],
    [{ service: 'logs', operation: 'x', every: 1, effect: { kind: 'drop' } }, /every/],
  ])('%j', (value, message) => {
    expect(() => faults.add(value)).toThrow(message)
  })
})
