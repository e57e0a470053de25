import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const root = new URL('..', import.meta.url).pathname

/** One project per test kind (README of this folder). Unit tests stand beside the code; the rest lives here. */
export default defineConfig({
  root,
  test: {
    // Every core: vitest leaves one idle by default, and there may be no more than two.
    maxWorkers: availableParallelism(),
    globalSetup: ['test/support/require-node-24.ts', 'test/support/report-grants.ts'],
    projects: [
      project('unit', ['{api,billing,portal,infra}/**/*.test.{ts,tsx}', '!**/*.contract.test.ts']),
      project('contract', ['{api,billing,portal,infra,test}/**/*.contract.test.ts']),
      project('style', ['test/style/**/*.test.ts']),
      project('infra', ['test/infra/**/*.test.ts']),
      project('scenario', ['test/scenario/**/*.test.ts']),
      project('simulation', ['test/simulation/**/*.test.ts']),
      project('browser', ['test/browser/**/*.test.ts']),
    ],
  },
})

function project(name: string, patterns: string[]) {
  const include = patterns.filter(pattern => !pattern.startsWith('!'))
  const exclude = [
    'node_modules/**',
    '.build/**',
    ...patterns.filter(p => p.startsWith('!')).map(p => p.slice(1)),
  ]
  const wholeProduct = ['scenario', 'simulation', 'browser', 'infra'].includes(name)
  return {
    test: {
      name,
      root,
      include,
      exclude,
      // Unit tests share nothing that could leak; a fresh process for each file would cost more than the tests.
      isolate: name !== 'unit' && name !== 'style',
      globalSetup: wholeProduct ? ['test/support/build-once.ts'] : [],
      testTimeout: wholeProduct ? 120_000 : 10_000,
      hookTimeout: wholeProduct ? 120_000 : 20_000,
    },
  }
}
