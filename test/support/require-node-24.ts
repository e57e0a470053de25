/** Everything runs on the Node that Lambda runs; `npm ci --ignore-scripts` would silently fall back to another one. */
export default function requireNode24(): void {
  const major = Number(process.versions.node.split('.')[0])
  if (major === 24) return
  throw new Error(
    `Tests need Node 24 but run on ${process.version}. Run "npm ci" (without --ignore-scripts) and use "npm test".`,
  )
}
