import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ASSEMBLY_DIR } from '../../infra/aws/assembly.ts'
import { launch, type Tollgate } from '../../infra/launch.ts'
import { freePorts } from '../../infra/ports.ts'

export type GrantToRemove = {
  readonly stack: string
  /** Beginning of the logical id of the policy's role: `ApiRole`. */
  readonly role: string
  readonly action: string
  /** Beginning of the logical id of the resource that the grant speaks of: `Access`. */
  readonly resource: string
}

type Statement = { Action: string | string[]; Resource: unknown }
type Policy = { Type: string; Properties: { PolicyDocument: { Statement: Statement[] } } }

/** The whole product, set up as always, on templates in which one role may do one thing less. */
export async function startWithout(grant: GrantToRemove, startAt: string): Promise<Tollgate> {
  const assembly = assemblyWithout(grant)
  try {
    const tollgate = await launch({
      assemblyDir: assembly.dir,
      clock: { mode: 'frozen', startAt: Date.parse(startAt) },
      ports: await freePorts(),
    })
    const stop = () => tollgate.stop().finally(assembly.remove)
    return { ...tollgate, stop }
  } catch (error) {
    assembly.remove()
    throw error
  }
}

/** A copy of the synthesized assembly without the one grant that fits. Throws unless exactly one does. */
function assemblyWithout(grant: GrantToRemove): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'without-grant-'))
  for (const name of readdirSync(ASSEMBLY_DIR)) {
    if (name.startsWith('asset.')) symlinkSync(join(ASSEMBLY_DIR, name), join(dir, name))
    else cpSync(join(ASSEMBLY_DIR, name), join(dir, name), { recursive: true })
  }
  const file = join(dir, `${grant.stack}.template.json`)
  const template = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, Policy> }
  const statements = Object.entries(template.Resources)
    .filter(([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith(`${grant.role}DefaultPolicy`))
    .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement)
  const found = statements.filter(statement => grants(statement, grant))
  const [statement] = found
  if (!statement || found.length > 1)
    throw new Error(`${found.length} grants of ${grant.stack} are like ${JSON.stringify(grant)}, not one`)
  statement.Action = [statement.Action].flat().filter(action => action !== grant.action)
  writeFileSync(file, JSON.stringify(template))
  return { dir, remove: () => rmSync(dir, { recursive: true }) }
}

function grants({ Action, Resource }: Statement, { action, resource }: GrantToRemove): boolean {
  const names = [...JSON.stringify(Resource).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"([A-Za-z0-9]+)"/g)]
  return [Action].flat().includes(action) && names.some(([, id]) => id?.startsWith(resource))
}
