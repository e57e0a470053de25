import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

export type TestStack = {
  readonly name: string
  readonly template: unknown
  /** Function bundles by asset hash: text of `index.mjs`. */
  readonly bundles?: Readonly<Record<string, string>>
  readonly dependencies?: readonly string[]
}

/** Writes a cloud assembly as CDK would, in a folder of its own. */
export function writeAssembly(stacks: readonly TestStack[]): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'assembly-'))
  const artifacts: Record<string, unknown> = {}
  for (const { name, template, bundles = {}, dependencies = [] } of stacks) {
    const templateFile = `${name}.template.json`
    writeFileSync(join(dir, templateFile), JSON.stringify(template))
    const files: Record<string, unknown> = {}
    for (const [hash, text] of Object.entries(bundles)) {
      mkdirSync(join(dir, `asset.${hash}`))
      writeFileSync(join(dir, `asset.${hash}`, 'index.mjs'), text)
      files[hash] = {
        source: { path: `asset.${hash}`, packaging: 'zip' },
        destinations: { here: { bucketName: 'assets', objectKey: `${hash}.zip` } },
      }
    }
    writeFileSync(join(dir, `${name}.assets.json`), JSON.stringify({ files }))
    artifacts[name] = { type: 'aws:cloudformation:stack', dependencies, properties: { templateFile } }
  }
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ artifacts }))
  return { dir, remove: () => rmSync(dir, { recursive: true }) }
}

/** Free ports of this machine at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  await Promise.all(servers.map(server => new Promise<void>(done => server.listen(0, '127.0.0.1', done))))
  const ports = servers.map(server => (server.address() as AddressInfo).port)
  await Promise.all(servers.map(server => new Promise(done => server.close(done))))
  return ports
}

/** A role that Lambda may assume, with the given statements and permission to log. */
export function functionRole(statements: readonly unknown[] = []): unknown {
  const logs = { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' }
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      Policies: [
        { PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: [logs, ...statements] } },
      ],
    },
  }
}

/** A function with the bundle `hash` and the role with logical id `role`. */
export function lambdaFunction(
  name: string,
  hash: string,
  role: string,
  more: Readonly<Record<string, unknown>> = {},
) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: name,
      Code: { S3Bucket: 'assets', S3Key: `${hash}.zip` },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Role: { 'Fn::GetAtt': [role, 'Arn'] },
      MemorySize: 128,
      Timeout: 3,
      ...more,
    },
  }
}

/** A function's code with its imports, as esbuild would bundle it for Lambda. */
export function bundled(contents: string): string {
  const stdin = { contents, resolveDir: import.meta.dirname }
  const built = buildSync({ stdin, bundle: true, format: 'esm', platform: 'node', write: false })
  return built.outputFiles[0]?.text ?? ''
}
