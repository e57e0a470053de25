import type { Metafile } from 'esbuild'
import { expect, test } from 'vitest'
import { inputsOf } from './bundle.ts'
import { FUNCTION_ENTRIES } from './functions.ts'

const imports = (...paths: string[]) => ({
  bytes: 1,
  imports: paths.map(path => ({
    path,
    kind: 'import-statement' as const,
    external: path.startsWith('node:'),
  })),
})
const output = (entryPoint: string) => ({ bytes: 1, inputs: {}, imports: [], exports: [], entryPoint })

test('a function is made from all files of ours that its entry reaches, and of no package', () => {
  const metafile: Metafile = {
    inputs: {
      [FUNCTION_ENTRIES.api]: imports('api/app.ts', 'node:fs', 'node_modules/hono/index.js'),
      'api/app.ts': imports('api/kernel/ids.ts', FUNCTION_ENTRIES.api),
      'api/kernel/ids.ts': imports(),
      [FUNCTION_ENTRIES.authorizer]: imports('api/kernel/ids.ts'),
      'node_modules/hono/index.js': imports(),
    },
    outputs: {
      a: output(FUNCTION_ENTRIES.api),
      b: output(FUNCTION_ENTRIES.authorizer),
    },
  }
  expect(inputsOf(metafile)).toEqual(
    new Map([
      ['api', [FUNCTION_ENTRIES.api, 'api/app.ts', 'api/kernel/ids.ts'].sort()],
      ['authorizer', [FUNCTION_ENTRIES.authorizer, 'api/kernel/ids.ts'].sort()],
    ]),
  )
})
