import { join } from 'node:path'
import { writeAssembly } from '../../../testing/assembly.ts'
import { type FakeCloud, fakeCloud } from '../../../testing/fake-cloud.ts'
import type { LambdaParts } from '../core.ts'
import { createLambdaService, type LambdaService } from '../index.ts'

export type LambdaSetup = {
  readonly cloud: FakeCloud
  readonly lambda: LambdaService
  readonly codeDir: string
  readonly deadLetters: { body: string; attributes: object }[]
  remove(): Promise<void>
}

export type LambdaSetupOptions = Partial<LambdaParts> & { readonly cloud?: FakeCloud }

/** A Lambda service with one function, `fn`, whose bundle is `code`. */
export async function setUpLambda(
  code: string,
  properties: Readonly<Record<string, unknown>> = {},
  { cloud = fakeCloud(), ...parts }: LambdaSetupOptions = {},
): Promise<LambdaSetup> {
  const assembly = writeAssembly([{ name: 's', template: {}, bundles: { code } }])
  const deadLetters: LambdaSetup['deadLetters'] = []
  const lambda = createLambdaService(cloud, {
    clockCells: cloud.clock.shared,
    accessKeyFor: () => 'ASIATEST',
    canAssume: () => true,
    sendToQueue: (_arn, body, attributes) => void deadLetters.push({ body, attributes }),
    ...parts,
  })
  const remove = async () => {
    await lambda.stop?.()
    assembly.remove()
  }
  try {
    await lambda.resources['AWS::Lambda::Function']?.({
      stackName: 's',
      logicalId: 'Fn',
      type: 'AWS::Lambda::Function',
      assemblyDir: assembly.dir,
      properties: {
        FunctionName: 'fn',
        Code: { S3Key: 'code.zip' },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: 'arn:aws:iam::000000000000:role/fn',
        ...properties,
      },
    })
  } catch (error) {
    await remove()
    throw error
  }
  return { cloud, lambda, deadLetters, codeDir: join(assembly.dir, 'asset.code'), remove }
}
