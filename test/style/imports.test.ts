import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Import, importsOf, sourceFiles } from './sources.ts'

/** Code points one way: each folder may import itself and what stands before it. */
const ORDER = ['api', 'billing', 'portal', 'infra', 'test']
const rank = (path: string): number => ORDER.indexOf(path.split('/')[0] ?? '')
const serviceOf = (path: string): string => path.split('/')[0] ?? ''
const isTest = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) || path.includes('/testing/') || path.startsWith('test/')
const isContract = (path: string): boolean => /^(api|billing|portal)\/contract\//.test(path)
const SERVICES = new Set(['api', 'billing', 'portal'])

const all = sourceFiles()
  .filter(file => rank(file) >= 0)
  .flatMap(importsOf)
const ours = all.filter(entry => entry.ours)

const broken = (rule: (entry: Import) => boolean): string[] =>
  ours.filter(entry => !rule(entry)).map(entry => `${entry.from} imports ${entry.specifier}`)

describe('imports', () => {
  it('finds imports to judge', () => {
    expect(ours.length).toBeGreaterThan(100)
    expect(ours.some(entry => entry.typeOnly)).toBe(true)
  })

  it('code points one way: api ← billing ← portal ← infra ← test; contracts are open to all', () => {
    expect(broken(({ from, target }) => rank(target) <= rank(from) || isContract(target))).toEqual([])
  })

  it('a service sees of another service only its contract and the kernel', () => {
    const allowed = ({ from, target }: Import): boolean =>
      !SERVICES.has(serviceOf(from)) ||
      serviceOf(from) === serviceOf(target) ||
      target.startsWith('api/kernel/') ||
      /^(api|billing|portal)\/contract\//.test(target)
    expect(broken(allowed)).toEqual([])
  })

  it('contracts are leaves: they import the schema library, the kernel and themselves', () => {
    const contracts = all.filter(
      entry => /^(api|billing|portal)\/contract\//.test(entry.from) && !isTest(entry.from),
    )
    const wrong = contracts.filter(({ from, target, ours }) =>
      ours ? !target.startsWith('api/kernel/') && dirname(target) !== dirname(from) : target !== 'zod',
    )
    expect(wrong.map(entry => `${entry.from} imports ${entry.specifier}`)).toEqual([])
  })

  it('the kernel imports nothing of the services', () => {
    expect(
      broken(({ from, target }) => !from.startsWith('api/kernel/') || target.startsWith('api/kernel/')),
    ).toEqual([])
  })

  it('domain code imports only the domain, the kernel and contracts', () => {
    const rule = ({ from, target }: Import): boolean =>
      !from.startsWith('billing/domain/') ||
      isTest(from) ||
      /^(billing\/domain|api\/kernel|(api|billing|portal)\/contract)\//.test(target)
    expect(broken(rule)).toEqual([])
  })

  it('the local cloud imports nothing of the product', () => {
    expect(
      broken(({ from, target }) => !from.startsWith('infra/local/') || target.startsWith('infra/local/')),
    ).toEqual([])
  })

  it('the templates see of the services their contracts and, type-only, their configuration', () => {
    const rule = ({ from, target, typeOnly }: Import): boolean =>
      !from.startsWith('infra/aws/') ||
      target.startsWith('infra/aws/') ||
      /^(api|billing|portal)\/contract\//.test(target) ||
      (typeOnly && /^(api|billing|portal)\/config\.ts$/.test(target))
    expect(broken(rule)).toEqual([])
  })

  it('contracts and kernel are entered through their doors', () => {
    const crossing = ours.filter(
      ({ from, target }) =>
        serviceOf(from) !== serviceOf(target) &&
        /^(api\/kernel|(api|billing|portal)\/contract)\//.test(target),
    )
    expect(
      crossing
        .filter(entry => !entry.specifier.startsWith('#'))
        .map(entry => `${entry.from} imports ${entry.specifier}`),
    ).toEqual([])
  })

  it('production code imports no development dependency', async () => {
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })
    const development = new Set(Object.keys(manifest.devDependencies))
    const wrong = all.filter(
      ({ from, target, ours, typeOnly }) =>
        SERVICES.has(serviceOf(from)) && !isTest(from) && !ours && !typeOnly && development.has(target),
    )
    expect(wrong.map(entry => `${entry.from} imports ${entry.specifier}`)).toEqual([])
  })
})
