import { watch } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildFailure, build, formatMessages, stop } from 'esbuild'
import { type BundleInputs, bundleOptions, FUNCTIONS_DIR, inputsOf } from './aws/bundle.ts'
import { functionNames } from './aws/functions.ts'
import { FUNCTIONS, type FunctionName } from './aws/names.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const WATCHED = ['api', 'billing', 'portal', 'infra/aws', 'infra/local']
/** Editors write a file in several steps, and a formatter right after. */
const SETTLE_MS = 40
/** A change of something that all are made from is seen soon in what is looked at, and a moment later everywhere. */
const FIRST = 5
/** Somebody waits for their answer. That another one ran a moment ago says little: schedules see to it every minute. */
const ANSWERING: ReadonlySet<FunctionName> = new Set(['authorizer', 'api', 'access', 'billing', 'portal'])
/** More names than this make no line that anybody reads. */
const NAMED = 6

export type Built = {
  readonly inputs: BundleInputs
  /** Text of each function's files by name, `index.mjs` and `index.mjs.map`. */
  readonly files: ReadonlyMap<FunctionName, ReadonlyMap<string, string>>
}

export type ReloaderParts = {
  /** What the running functions were made from. */
  readonly inputs: BundleInputs
  /** Rejects with what is wrong, as a person wants to read it. */
  readonly build: (names: readonly FunctionName[]) => Promise<Built>
  readonly replace: (name: FunctionName, files: ReadonlyMap<string, string>) => Promise<void>
  readonly say: (line: string) => void
  /** Puts those first that somebody is likely to look at. */
  readonly latestFirst?: (names: readonly FunctionName[]) => readonly FunctionName[]
  readonly now?: () => number
}

export type Reloader = {
  /**
   * Files that changed, relative to the repository, and when (now, unless told). Changes that come while others are
   * built wait for them.
   */
  changed(files: readonly string[], changedAt?: number): Promise<void>
}

/**
 * Rebuilds the functions that changed files belong to and replaces their code, the likely ones before all others. A
 * failed build changes nothing.
 */
export function createReloader({ build, replace, say, ...parts }: ReloaderParts): Reloader {
  const { now = () => performance.now(), latestFirst = names => names } = parts
  const inputs = new Map(parts.inputs)
  /** Of a build that failed: the file that is wrong may be one that no function had before. */
  const broken = new Set<FunctionName>()
  let turn: Promise<void> = Promise.resolve()

  async function reload(files: readonly string[], changedAt: number): Promise<void> {
    const infra = files.filter(file => file.startsWith('infra/') && !isTest(file))
    if (infra.length > 0) say(`${infra.join(', ')} changed: restart npm start to apply it.`)
    const changed = files.filter(file => !file.startsWith('infra/'))
    const affected = functionNames.filter(name => inputs.get(name)?.some(file => changed.includes(file)))
    if (affected.length === 0 && (broken.size === 0 || changed.length === 0)) return
    const names = functionNames.filter(name => affected.includes(name) || broken.has(name))
    for (const name of names) broken.add(name)
    const ordered = latestFirst(names)
    for (const group of [ordered.slice(0, FIRST), ordered.slice(FIRST)])
      if (group.length > 0 && !(await reloadGroup(group, changedAt))) return
  }

  /** Whether they are built and replaced. */
  async function reloadGroup(names: readonly FunctionName[], changedAt: number): Promise<boolean> {
    let built: Built
    try {
      built = await build(names)
    } catch (error) {
      say(`${error instanceof Error ? error.message : String(error)}\nThe code from before goes on running.`)
      return false
    }
    for (const name of names) broken.delete(name)
    for (const [name, made] of built.inputs) inputs.set(name, made)
    await Promise.all([...built.files].map(([name, made]) => replace(name, made)))
    say(`${listed(names)} replaced (${((now() - changedAt) / 1000).toFixed(1)} s after the change)`)
    return true
  }

  return {
    changed(files, changedAt = now()) {
      turn = turn.then(() => reload(files, changedAt)).catch(error => say(`Reloading failed: ${error}`))
      return turn
    },
  }
}

/** Functions that answer people before those that events and schedules start; within each, what ran last first. */
export function answeringFirst(
  names: readonly FunctionName[],
  ranAt: (name: FunctionName) => number,
): FunctionName[] {
  const rank = (name: FunctionName) => (ANSWERING.has(name) ? 0 : 1)
  return names.toSorted((a, b) => rank(a) - rank(b) || ranAt(b) - ranAt(a))
}

const isTest = (file: string): boolean => /\.test\.tsx?$|\/testing\//.test(file)

function listed(names: readonly FunctionName[]): string {
  if (names.length > NAMED) return `${names.length} functions`
  return names.map(name => FUNCTIONS[name].replace(/^tollgate-/, '')).join(', ')
}

/**
 * Reloads functions of a running cloud whenever their sources change, until the returned function is called. New code
 * goes to folders of its own: environments that still run keep theirs.
 */
export function watchSources(options: {
  readonly inputs: BundleInputs
  readonly replaceCode: (functionName: string, codeDir: string) => Promise<void>
  /** When a function ran last, on the local clock. */
  readonly lastRunAt: (functionName: string) => number | undefined
  readonly say: (line: string) => void
}): () => Promise<void> {
  const made: string[] = []
  const reloader = createReloader({
    ...options,
    build: buildFunctions,
    latestFirst: names => answeringFirst(names, name => options.lastRunAt(FUNCTIONS[name]) ?? 0),
    async replace(name, files) {
      // As deep as `.build/functions/<name>`: source maps point to sources by relative paths.
      const dir = join(dirname(FUNCTIONS_DIR), 'reloaded', `${name}-${process.pid}-${made.length}`)
      made.push(dir)
      await mkdir(dir, { recursive: true })
      await Promise.all([...files].map(([file, text]) => writeFile(join(dir, file), text)))
      await options.replaceCode(FUNCTIONS[name], dir)
    },
  })
  const pending = new Set<string>()
  let settled: NodeJS.Timeout | undefined
  let changedAt = 0
  const flush = () => {
    void reloader.changed([...pending], changedAt)
    pending.clear()
  }
  const watchers = WATCHED.map(folder =>
    watch(join(root, folder), { recursive: true, persistent: false }, (_event, file) => {
      if (file === null) return
      if (pending.size === 0) changedAt = performance.now()
      pending.add(join(folder, file))
      clearTimeout(settled)
      settled = setTimeout(flush, SETTLE_MS)
    }),
  )
  return async () => {
    clearTimeout(settled)
    for (const watcher of watchers) watcher.close()
    await Promise.all(made.map(dir => rm(dir, { recursive: true, force: true })))
  }
}

/**
 * Bundles some functions into memory. Nothing is kept for the next time: linking and printing take most of it, and
 * esbuild's incremental state a hundred megabytes.
 */
export async function buildFunctions(names: readonly FunctionName[]): Promise<Built> {
  try {
    const options = { ...bundleOptions(names), metafile: true, write: false, logLevel: 'silent' } as const
    const { metafile, outputFiles } = await build(options)
    const files = new Map<FunctionName, ReadonlyMap<string, string>>()
    for (const name of names) {
      const own = outputFiles.filter(({ path }) => dirname(path) === join(FUNCTIONS_DIR, FUNCTIONS[name]))
      files.set(name, new Map(own.map(({ path, text }) => [relative(dirname(path), path), text])))
    }
    return { inputs: inputsOf(metafile), files }
  } catch (error) {
    const { errors } = error as Partial<BuildFailure>
    if (errors === undefined) throw error
    throw new Error((await formatMessages(errors, { kind: 'error' })).join('').trimEnd())
  } finally {
    await stop()
  }
}
