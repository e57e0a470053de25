import { existsSync, readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Turns positions in the bundle into positions in its sources, in any text that is printed. Node's own
 * `--enable-source-maps` reads every map when a bundle is loaded, which doubles a cold start; here a map is read when a
 * text first names its file.
 */
export function createSourcePositions(taskRoot: string): (text: string) => string {
  const root = pathToFileURL(taskRoot).href
  const position = new RegExp(`(${escaped(root)}/[^\\s:()]+):(\\d+):(\\d+)`, 'g')
  const maps = new Map<string, SourceMap | undefined>()

  function mapOf(url: string): SourceMap | undefined {
    if (!maps.has(url)) maps.set(url, readMap(url))
    return maps.get(url)
  }

  return text => {
    if (!text.includes(root)) return text
    return text.replace(position, (whole, url: string, line: string, column: string) => {
      const entry = mapOf(url)?.findEntry(Number(line) - 1, Number(column) - 1)
      if (entry === undefined || !('originalSource' in entry)) return whole
      const source = fileURLToPath(new URL(entry.originalSource, url))
      return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
    })
  }
}

function readMap(url: string): SourceMap | undefined {
  const file = `${fileURLToPath(url)}.map`
  if (!existsSync(file)) return undefined
  return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload)
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
