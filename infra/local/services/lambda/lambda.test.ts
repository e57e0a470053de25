import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { writeAssembly } from '../../testing/assembly.ts'
import { ROOT } from '../../testing/fake-cloud.ts'
import { type LambdaSetup, setUpLambda } from './testing/set-up.ts'

const cleanUp: (() => void | Promise<void>)[] = []

afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

async function setUp(code: string, properties: Readonly<Record<string, unknown>> = {}): Promise<LambdaSetup> {
  const setup = await setUpLambda(code, properties)
  cleanUp.push(setup.remove)
  return setup
}

async function run(setup: LambdaSetup, event: unknown = {}) {
  const result = await setup.lambda.invoke('fn', JSON.stringify(event), ROOT)
  const lines = result.lines.map(line => line.message)
  return { ...result, lines, value: JSON.parse(result.payload) as Record<string, unknown> }
}

describe('an invocation', () => {
  test('hands the event in and the answer out, in a context like that of AWS', async () => {
    const setup = await setUp(`export const handler = async (event, context) => ({
      event, name: context.functionName, arn: context.invokedFunctionArn, memory: context.memoryLimitInMB,
      left: context.getRemainingTimeInMillis(), group: context.logGroupName,
    })`)
    const { value } = await run(setup, { a: [1] })
    expect(value).toEqual({
      event: { a: [1] },
      name: 'fn',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:fn',
      memory: '128',
      left: expect.any(Number),
      group: '/aws/lambda/fn',
    })
    expect(value.left).toBeGreaterThan(2_000)
    expect(value.left).toBeLessThanOrEqual(3_000)
  })

  test('has its own environment variables and nothing of this process', async () => {
    process.env.ONLY_HERE = 'yes'
    const setup = await setUp('export const handler = async () => ({ ...process.env })', {
      Environment: { Variables: { TABLE: 'usage' } },
    })
    const { value } = await run(setup)
    delete process.env.ONLY_HERE
    expect(value).toMatchObject({
      TABLE: 'usage',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ACCESS_KEY_ID: 'ASIATEST',
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/fn',
    })
    expect(value.ONLY_HERE).toBeUndefined()
    expect(value.PATH).toBeUndefined()
  })

  test('reuses its environment, and module state with it', async () => {
    const setup = await setUp('let n = 0; export const handler = async () => ++n')
    expect((await run(setup)).payload).toBe('1')
    expect((await run(setup)).payload).toBe('2')
    expect(setup.lambda.functions()[0]?.environments).toBe(1)
  })

  test('runs beside others in environments of their own', async () => {
    const setup = await setUp(`let open = 0
      export const handler = async () => { open++; await new Promise(r => setTimeout(r, 1_000)); return open-- }`)
    const results = await Promise.all([run(setup), run(setup), run(setup)])
    expect(results.map(result => result.payload)).toEqual(['1', '1', '1'])
    expect(setup.lambda.functions()[0]?.environments).toBe(3)
  })

  test('loses no line of output, in order, between START and END, in 300 calls', async () => {
    const setup = await setUp(`export const handler = async ({ n }) => {
      process.stdout.write('a' + n + '\\n'); console.log('b' + n); process.stdout.write('c' + n)
    }`)
    for (let n = 0; n < 300; n++) {
      const { lines } = await run(setup, { n })
      expect(lines[0]).toMatch(/^START/)
      expect(lines.slice(1, 4).map(line => line.split('\t').at(-1))).toEqual([`a${n}`, `b${n}`, `c${n}`])
      expect(lines[4]).toMatch(/^END/)
      expect(lines[5]).toMatch(/^REPORT .*Billed Duration/)
      expect(lines).toHaveLength(6)
    }
    expect(setup.cloud.logs.flatMap(batch => batch.lines)).toHaveLength(1_800)
  })

  test('prints console calls as the Node runtime does: time, request id, level, one event a call', async () => {
    const setup = await setUp(`export const handler = async () => console.warn('two\\nlines %d', 7)`)
    const { lines, requestId } = await run(setup)
    expect(lines[1]).toBe(`2026-01-01T00:00:00.000Z\t${requestId}\tWARN\ttwo\nlines 7`)
  })

  test('leaves no line behind when the role may not write logs', async () => {
    const setup = await setUp(`export const handler = async () => console.log('x')`)
    setup.cloud.denied.add('logs:PutLogEvents')
    await run(setup)
    expect(setup.cloud.logs).toEqual([])
    expect(setup.cloud.journaled[0]).toContain('may not write to /aws/lambda/fn')
  })
})

describe('the time in a function', () => {
  test('is the local clock, from loading on, and follows its advances', async () => {
    const setup = await setUp(`const loadedAt = new Date()
      export const handler = async () => [Date.now(), new Date().toISOString(), loadedAt.getTime(), new Date(5).getTime(),
        new Date() instanceof Date, Date().slice(0, 15), typeof Date.UTC(2026, 0)]`)
    const at = Date.UTC(2026, 0, 1)
    expect((await run(setup)).value).toEqual([
      at,
      '2026-01-01T00:00:00.000Z',
      at,
      5,
      true,
      'Thu Jan 01 2026',
      'number',
    ])
    await setup.cloud.clock.advanceTo(Date.UTC(2027, 5, 1))
    const { payload } = await run(setup)
    expect(JSON.parse(payload).slice(0, 3)).toEqual([Date.UTC(2027, 5, 1), '2027-06-01T00:00:00.000Z', at])
  })
})

describe('a failure', () => {
  test('has the type from the name of the error, its message and its trace', async () => {
    const setup = await setUp(`class QuotaError extends Error { name = 'QuotaError' }
      export const handler = async () => { throw new QuotaError('no more') }`)
    const { value, functionError, lines } = await run(setup)
    expect(functionError).toBe('Unhandled')
    expect(value).toEqual({
      errorType: 'QuotaError',
      errorMessage: 'no more',
      trace: expect.arrayContaining(['QuotaError: no more']),
    })
    expect(lines[1]).toContain('\tERROR\tInvoke Error \t{"errorType":"QuotaError","errorMessage":"no more"')
  })

  test('shows positions in the sources where the function asks for source maps', async () => {
    const map = { version: 3, sources: ['../shop/buy.ts'], names: [], mappings: 'AAAA;AAEA' }
    const code = `const noop = 1\nexport const handler = async () => { throw new Error('no') }\n//# sourceMappingURL=index.mjs.map`
    const setup = await setUp(code, { Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } } })
    writeFileSync(join(setup.codeDir, 'index.mjs.map'), JSON.stringify(map))
    const { value, lines } = await run(setup)
    const source = join(dirname(setup.codeDir), 'shop/buy.ts:3:1')
    expect(value.trace).toEqual(expect.arrayContaining(['Error: no', expect.stringContaining(source)]))
    expect(JSON.stringify(value.trace).length).toBeLessThan(1_000)
    expect(lines[1]).toContain(source)
  })

  const cases: readonly (readonly [string, string, string])[] = [
    ['of a handler that is not exported', 'export const other = 1', 'Runtime.HandlerNotFound'],
    ['of the syntax', 'export const handler = (', 'Runtime.UserCodeSyntaxError'],
    [
      'of an import that is not in the bundle',
      `import 'hono'; export const handler = () => 1`,
      'Runtime.ImportModuleError',
    ],
    ['while loading', `throw new RangeError('x')`, 'RangeError'],
    [
      'of a callback handler',
      'export const handler = (e, c, callback) => callback(null, 1)',
      'Runtime.CallbackHandlerDeprecated',
    ],
    [
      'of an answer that is no JSON',
      'export const handler = async () => ({ n: 1n })',
      'Runtime.MarshalError',
    ],
    [
      'nobody handles',
      'export const handler = () => { Promise.reject(new Error("x")); return new Promise(() => {}) }',
      'Runtime.UnhandledPromiseRejection',
    ],
    [
      'thrown from a timer',
      'export const handler = () => { setTimeout(() => { throw new TypeError("x") }); return new Promise(() => {}) }',
      'TypeError',
    ],
    ['by process.exit', 'export const handler = async () => process.exit(3)', 'Runtime.ExitError'],
    [
      'of memory',
      'export const handler = async () => { const a = []; for (;;) a.push(new Array(1e6).fill(a)) }',
      'Runtime.ExitError',
    ],
  ]
  test.each(cases)(
    '%s is reported, and the next event gets a new environment',
    async (_name, code, errorType) => {
      const setup = await setUp(code)
      const first = await run(setup)
      expect(first.functionError).toBe('Unhandled')
      expect(first.value.errorType).toBe(errorType)
      expect((await run(setup)).value.errorType).toBe(errorType)
    },
  )

  test('of an import that only this machine has is reported, since Lambda would not find it', async () => {
    const setup = await setUp(`import 'extra'; export const handler = () => 1`)
    const folder = join(dirname(setup.codeDir), 'node_modules', 'extra')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'index.js'), '')
    const { value } = await run(setup)
    expect(value.errorType).toBe('Runtime.ImportModuleError')
    expect(value.errorMessage).toContain(`'extra'`)
  })

  test('by timeout ends the environment in real time, and keeps what was printed', async () => {
    const setup = await setUp(
      `let n = 0
      export const handler = async ({ hang }) => { n++; console.log('before'); if (hang) await new Promise(() => {}); return n }`,
      { Timeout: 1 },
    )
    expect((await run(setup, {})).payload).toBe('1')
    const hung = await run(setup, { hang: true })
    expect(hung.value).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${hung.requestId} Error: Task timed out after 1.00 seconds`,
    })
    expect(hung.lines[1]).toContain('before')
    expect(hung.lines.at(-1)).toContain('Status: timeout')
    expect((await run(setup, {})).payload).toBe('1')
  })

  test('of an unknown function, a body that is no JSON, and one that is too large, are those of the Lambda API', async () => {
    const { lambda } = await setUp('export const handler = async () => 1')
    await expect(lambda.invoke('nobody', '{}', ROOT)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
    })
    await expect(lambda.invoke('fn', '{', ROOT)).rejects.toMatchObject({
      code: 'InvalidRequestContentException',
    })
    const large = JSON.stringify('x'.repeat(6 * 1024 * 1024))
    await expect(lambda.invoke('fn', large, ROOT)).rejects.toMatchObject({
      code: 'RequestTooLargeException',
      status: 413,
    })
  })

  test('of an answer that is too large', async () => {
    const setup = await setUp(`export const handler = async () => 'x'.repeat(6 * 1024 * 1024)`)
    expect((await run(setup)).value.errorType).toBe('Function.ResponseSizeTooLarge')
  })
})

test('beyond its reserved concurrency a function is throttled', async () => {
  const setup = await setUp('export const handler = async () => 1', { ReservedConcurrentExecutions: 1 })
  const both = await Promise.allSettled([run(setup), run(setup)])
  expect(both.map(result => result.status)).toEqual(['fulfilled', 'rejected'])
  expect(both[1]).toMatchObject({ reason: { code: 'TooManyRequestsException', status: 429 } })
})

test.each([
  ['an unknown property', { SnapStart: {} }, 'SnapStart'],
  ['another runtime', { Runtime: 'python3.14' }, 'python3.14'],
  ['JSON logs', { LoggingConfig: { LogFormat: 'JSON' } }, 'LogFormat JSON'],
  ['inline code', { Code: { ZipFile: 'x' } }, 'ZipFile'],
  ['a reserved variable', { Environment: { Variables: { AWS_REGION: 'x' } } }, 'AWS_REGION'],
])('a function with %s is refused by name', async (_name, properties, expected) => {
  await expect(setUp('', properties)).rejects.toThrow(expected)
})

test('new code is used by the next event', async () => {
  const setup = await setUp('export const handler = async () => 1')
  await run(setup)
  const assembly = writeAssembly([
    { name: 't', template: {}, bundles: { two: 'export const handler = async () => 2' } },
  ])
  cleanUp.push(assembly.remove)
  await setup.lambda.replaceCode('fn', `${assembly.dir}/asset.two`)
  expect((await run(setup)).payload).toBe('2')
})
