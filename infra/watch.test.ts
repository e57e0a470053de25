import { expect, test } from 'vitest'
import type { BundleInputs } from './aws/bundle.ts'
import type { FunctionName } from './aws/names.ts'
import { answeringFirst, type Built, buildFunctions, createReloader } from './watch.ts'

const INPUTS: BundleInputs = new Map([
  ['api', ['api/app.ts', 'api/kernel/ids.ts']],
  ['authorizer', ['api/kernel/ids.ts']],
  ['portal', ['portal/app.ts']],
])

function setUp(inputs = INPUTS) {
  const said: string[] = []
  const replaced: [FunctionName, string][] = []
  const builds: (readonly FunctionName[])[] = []
  let failure: Error | undefined
  let more: BundleInputs = new Map()
  const reloader = createReloader({
    inputs,
    build: async (names): Promise<Built> => {
      builds.push(names)
      if (failure) throw failure
      const files = names.map(name => [name, new Map([['index.mjs', `${name} ${builds.length}`]])] as const)
      return { inputs: new Map([...inputs, ...more]), files: new Map(files) }
    },
    replace: async (name, files) => void replaced.push([name, files.get('index.mjs') ?? '']),
    say: line => void said.push(line),
    latestFirst: names => names.toReversed(),
    now: () => 0,
  })
  return {
    ...{ said, replaced, builds, reloader },
    fail: (error: Error | undefined) => {
      failure = error
    },
    learn: (inputs: BundleInputs) => {
      more = inputs
    },
  }
}

test('a change replaces the functions that the file belongs to, and no other', async () => {
  const { reloader, replaced, said } = setUp()
  await reloader.changed(['api/kernel/ids.ts'])
  expect(replaced).toEqual([
    ['api', 'api 1'],
    ['authorizer', 'authorizer 1'],
  ])
  expect(said).toEqual(['api, authorizer replaced (0.0 s after the change)'])
})

test('a file that no function is made from changes nothing', async () => {
  const { reloader, builds, said } = setUp()
  await reloader.changed(['api/app.test.ts', 'api/README.md'])
  expect([builds, said]).toEqual([[], []])
})

test('a file that a function has begun to import belongs to it from then on', async () => {
  const { reloader, learn, builds } = setUp()
  learn(new Map([['portal', ['portal/app.ts', 'portal/new.ts']]]))
  await reloader.changed(['portal/new.ts'])
  expect(builds).toEqual([])
  await reloader.changed(['portal/app.ts'])
  await reloader.changed(['portal/new.ts'])
  expect(builds).toEqual([['portal'], ['portal']])
})

test('a change that does not build keeps the old code, says why, and is tried again with the next change', async () => {
  const { reloader, fail, replaced, builds, said } = setUp()
  fail(new Error('api/app.ts:1:2: ERROR: Expected ";"'))
  await reloader.changed(['api/app.ts'])
  expect(replaced).toEqual([])
  expect(said).toEqual(['api/app.ts:1:2: ERROR: Expected ";"\nThe code from before goes on running.'])
  fail(undefined)
  await reloader.changed(['api/not-known-yet.ts'])
  expect(replaced).toEqual([['api', 'api 2']])
  await reloader.changed(['portal/app.ts'])
  expect(builds).toEqual([['api'], ['api'], ['portal']])
})

test('changes that come during a build wait for it', async () => {
  const steps: string[] = []
  const reloader = createReloader({
    inputs: INPUTS,
    build: async names => {
      steps.push(`begin ${names}`)
      await new Promise(resolve => setImmediate(resolve))
      steps.push(`end ${names}`)
      return { inputs: INPUTS, files: new Map() }
    },
    replace: () => Promise.resolve(),
    say: () => undefined,
  })
  await Promise.all([reloader.changed(['api/app.ts']), reloader.changed(['portal/app.ts'])])
  expect(steps).toEqual(['begin api', 'end api', 'begin portal', 'end portal'])
})

test('a change of the infrastructure asks for a restart', async () => {
  const { reloader, builds, said } = setUp()
  await reloader.changed(['infra/aws/stacks/api-stack.ts', 'infra/local/clock.test.ts'])
  expect(builds).toEqual([])
  expect(said).toEqual(['infra/aws/stacks/api-stack.ts changed: restart npm start to apply it.'])
})

test('a function is built into memory with its source map, and is known by what it was made from', async () => {
  const { files, inputs } = await buildFunctions(['authorizer'])
  expect([...files.keys()]).toEqual(['authorizer'])
  expect([...(files.get('authorizer')?.keys() ?? [])].sort()).toEqual(['index.mjs', 'index.mjs.map'])
  expect(inputs.get('authorizer')).toContain('api/authorizer/authorizer.lambda.ts')
})

test('a change of what many are made from replaces the likeliest first, and says how long after the change', async () => {
  const names = ['authorizer', 'api', 'access', 'billing', 'rollUp', 'portal'] as const
  const { reloader, builds, said } = setUp(new Map(names.map(name => [name, ['api/kernel/ids.ts']])))
  await reloader.changed(['api/kernel/ids.ts'], -1_500)
  expect(builds).toEqual([['portal', 'rollUp', 'billing', 'access', 'api'], ['authorizer']])
  expect(said).toEqual([
    'portal, roll-up, billing, access, api replaced (1.5 s after the change)',
    'authorizer replaced (1.5 s after the change)',
  ])
})

test('functions that people wait for come before those that a schedule ran a moment ago', () => {
  const ranAt = new Map<FunctionName, number>([
    ['tendGatewayKeys', 8],
    ['rollUp', 9],
    ['portal', 2],
    ['api', 3],
  ])
  const ordered = answeringFirst([...ranAt.keys()], name => ranAt.get(name) ?? 0)
  expect(ordered).toEqual(['api', 'portal', 'rollUp', 'tendGatewayKeys'])
})
