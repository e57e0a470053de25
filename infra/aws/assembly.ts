import { fileURLToPath } from 'node:url'

/** Where templates and assets go unless the CDK CLI says otherwise. */
export const ASSEMBLY_DIR = fileURLToPath(new URL('../../.build/cdk.out', import.meta.url))
