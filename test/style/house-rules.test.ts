import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FUNCTION_ENTRIES } from '../../infra/aws/functions.ts'
import manifest from '../../package.json' with { type: 'json' }
import { importsOf, readSource, sourceFiles } from './sources.ts'

const files = sourceFiles()
const isTest = (file: string): boolean =>
  /\.test\.tsx?$/.test(file) || file.includes('/testing/') || file.startsWith('test/')
const product = files.filter(file => /^(api|billing|portal)\//.test(file) && !isTest(file))

/** Lines that match, as `file:line`. */
function lines(
  among: readonly string[],
  pattern: RegExp,
  allowed: (file: string) => boolean = () => false,
): string[] {
  return among
    .filter(file => !allowed(file))
    .flatMap(file =>
      readSource(file)
        .split('\n')
        .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}`] : [])),
    )
}

describe('house rules', () => {
  it('only the kernel clock reads the wall clock', () => {
    expect(lines(product, /\bDate\.now\b|new Date\(\)/, file => file === 'api/kernel/clock.ts')).toEqual([])
  })

  it('only entries and commands call the kernel clock', () => {
    const callers = product.filter(file =>
      importsOf(file).some(entry => entry.target === 'api/kernel/clock.ts'),
    )
    expect(
      callers.filter(file => !/\.lambda\.tsx?$/.test(file) && file !== 'billing/cli/plans-apply.ts'),
    ).toEqual([])
  })

  it('only configuration reads the environment', () => {
    const allowed = (file: string) =>
      file === 'api/kernel/config.ts' || file === 'api/kernel/dynamo-request.ts' || /\/cli\//.test(file)
    expect(lines(product, /process\.env(?!`)/, allowed)).toEqual([])
  })

  it('production code never asks where it runs', () => {
    expect(lines(product, /localhost|127\.0\.0\.1|isLocal|NODE_ENV/)).toEqual([])
  })

  it('no test is skipped or focused', () => {
    expect(
      lines(
        files,
        /\b(it|test|describe)\.(skip|only|todo)\b/,
        file => file === 'test/style/house-rules.test.ts',
      ),
    ).toEqual([])
  })

  it('every file is reached from an entry, a test or a script', () => {
    const scripts = Object.values(manifest.scripts).flatMap(script => script.match(/[\w./-]+\.ts\b/g) ?? [])
    const roots = [
      ...Object.values(FUNCTION_ENTRIES),
      ...scripts,
      ...files.filter(file => isTest(file) || file.endsWith('.d.ts') || /worker/.test(basename(file))),
    ]
    const reached = new Set<string>()
    const queue = [...roots]
    while (queue.length > 0) {
      const file = queue.pop() as string
      if (reached.has(file) || !files.includes(file)) continue
      reached.add(file)
      queue.push(...importsOf(file).flatMap(entry => (entry.ours ? [entry.target] : [])))
    }
    expect(files.filter(file => !reached.has(file))).toEqual([])
  })

  it('most files stay under 200 lines and none grows beyond 400', () => {
    const lengths = files.filter(file => !isTest(file)).map(file => readSource(file).split('\n').length)
    expect(files.filter(file => !isTest(file) && readSource(file).split('\n').length > 400)).toEqual([])
    expect(lengths.filter(length => length > 200).length / lengths.length).toBeLessThan(0.1)
  })
})
