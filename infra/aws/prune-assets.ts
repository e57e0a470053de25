import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const KEPT_MS = 7 * 86_400_000

/**
 * Assets are folders named by their content's hash, so every change leaves one behind. Removes those that no template
 * names any more and that are a week old; a product that still runs on younger ones keeps them.
 */
export async function pruneAssets(assemblyDir: string, now: number = Date.now()): Promise<void> {
  const files = await readdir(assemblyDir)
  const manifests = files.filter(file => file.endsWith('.assets.json'))
  const named = (await Promise.all(manifests.map(file => readFile(join(assemblyDir, file), 'utf8')))).join(
    '\n',
  )
  for (const asset of files.filter(file => file.startsWith('asset.'))) {
    const path = join(assemblyDir, asset)
    if (named.includes(asset) || now - (await stat(path)).mtimeMs < KEPT_MS) continue
    await rm(path, { recursive: true, force: true })
  }
}

/** Removes what lies in these folders for a week and longer; everything in them can be made again. */
export async function pruneOld(folders: readonly string[], now: number = Date.now()): Promise<void> {
  for (const folder of folders) {
    for (const entry of await readdir(folder).catch(() => [])) {
      const path = join(folder, entry)
      if (now - (await stat(path)).mtimeMs >= KEPT_MS) await rm(path, { recursive: true, force: true })
    }
  }
}
