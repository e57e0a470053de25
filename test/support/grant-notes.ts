import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Tollgate } from '../../infra/launch.ts'

type Unused = ReturnType<Tollgate['unusedGrants']>[number]

const DIR = fileURLToPath(new URL('../../.build/grants/', import.meta.url))

/** Notes what one Tollgate, at its end, had granted and not needed. */
export function noteUnusedGrants(unused: readonly Unused[]): void {
  mkdirSync(DIR, { recursive: true })
  writeFileSync(`${DIR}${randomUUID()}.json`, JSON.stringify(unused))
}

export function clearNotes(): void {
  rmSync(DIR, { recursive: true, force: true })
}

/** What every noted Tollgate left unused, a line per role and resource; `undefined` when none was noted. */
export function summarizeNotes(): { clouds: number; lines: string[] } | undefined {
  const notes = readNotes()
  const [first, ...others] = notes.map(note => new Set(note.flatMap(linesOf)))
  if (!first) return undefined
  const never = [...first].filter(line => others.every(other => other.has(line)))
  return { clouds: notes.length, lines: joinActions(never) }
}

function readNotes(): Unused[][] {
  try {
    return readdirSync(DIR).map(name => JSON.parse(readFileSync(DIR + name, 'utf8')))
  } catch {
    return []
  }
}

function linesOf({ holder, actions, resources }: Unused): string[] {
  const on = resources.length === 0 ? '' : ` on ${resources.map(shortArn).join(', ')}`
  return actions.map(action => `${shortArn(holder)}\t${on}\t${action}`)
}

function joinActions(lines: readonly string[]): string[] {
  const byPlace = Map.groupBy(lines, line => line.slice(0, line.lastIndexOf('\t')))
  return [...byPlace].map(([place, members]) => {
    const [holder, on] = place.split('\t')
    const actions = members.map(line => line.slice(line.lastIndexOf('\t') + 1))
    return `${holder}: ${actions.join(', ')}${on}`
  })
}

function shortArn(arn: string): string {
  return arn.split(':').slice(5).join(':') || arn
}
