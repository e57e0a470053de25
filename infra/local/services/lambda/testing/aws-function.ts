import { crc32 } from 'node:zlib'
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  type LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda'

/** A role takes some seconds until Lambda may assume it; one that was made beforehand needs none. */
const ROLE_VARIABLE = 'TOLLGATE_CONTRACT_LAMBDA_ROLE'
const ACTIVE_WITHIN_SECONDS = 60

/**
 * Makes a throw-away function on AWS that runs as the role in `TOLLGATE_CONTRACT_LAMBDA_ROLE`, an ARN of a role that
 * Lambda may assume and that may write logs. Answers how to delete it.
 */
export async function createOnAws(
  client: LambdaClient,
  name: string,
  code: string,
  description: string,
): Promise<() => Promise<void>> {
  const Role = process.env[ROLE_VARIABLE]
  if (!Role) throw new Error(`${ROLE_VARIABLE} must hold the ARN of a role that Lambda may assume`)
  await client.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Description: description,
      Code: { ZipFile: zipOf('index.mjs', code) },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 128,
      Timeout: 3,
      Role,
    }),
  )
  await waitUntilFunctionActiveV2({ client, maxWaitTime: ACTIVE_WITHIN_SECONDS }, { FunctionName: name })
  return async () => {
    await client.send(new DeleteFunctionCommand({ FunctionName: name }))
  }
}

/** An archive with one file, stored as it is. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
export function zipOf(name: string, text: string): Buffer {
  const [path, data] = [Buffer.from(name), Buffer.from(text)]
  // Version 2.0, no flags, stored, 1980-01-01 00:00.
  const facts = Buffer.alloc(26)
  facts.writeUInt16LE(20, 0)
  facts.writeUInt16LE(0x21, 8)
  facts.writeUInt32LE(crc32(data), 10)
  facts.writeUInt32LE(data.length, 14)
  facts.writeUInt32LE(data.length, 18)
  facts.writeUInt16LE(path.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, path, data])
  const made = Buffer.from([20, 0])
  // Comment, disk, attributes (readable by everybody) and the offset of the file's header.
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE((0o100_644 << 16) >>> 0, 6)
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), made, facts, rest, path])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), end])
}
